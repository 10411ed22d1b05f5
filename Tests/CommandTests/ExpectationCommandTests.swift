import Foundation
import TestSupport
import Testing

@Suite("Expectations, through the program", .serialized)
struct ExpectationCommandTests {
    private let folder: TemporaryFolder
    private var shop: String { folder.file("shop") }
    private static let time = "2026-03-01T00:00:00Z"

    init() throws {
        folder = try TemporaryFolder()
        #expect(try RoostProcess.run("init", "shop", in: folder.path).exitCode == 0)
        try write("customer,visited_at,bought\nada,2026-02-25T00:00:00Z,true\n", to: "visits.csv")
        try importing("visits.csv", "visits")
    }

    @Test("rows that are not as expected are not imported: exit 20")
    func stopsImport() throws {
        try expect("- not_null: amount")
        try writeOrders(["ada,1,2026-02-01T00:00:00Z", "bob,,2026-02-02T00:00:00Z"])
        let stopped = try roost("import", "csv", "orders.csv", "--source", "orders", "--json")
        #expect(stopped.exitCode == 20 && stopped.json["code"] as? String == "data_quality")
        #expect(stopped.errors.contains("source orders breaks not_null amount"))
        #expect(!exists("data/orders"))
        let subjects = (stopped.json["quality"] as? [String: Any])?["subjects"] as? [[String: Any]]
        let result = (subjects?.first?["expectations"] as? [[String: Any]])?.first
        #expect(result?["broken"] as? Int == 1 && result?["rows"] as? Int == 2)
        #expect(result?["verdict"] as? String == "stopped")
        try expect("- not_null: amount\n        tolerate: 50%")
        #expect(try roost("import", "csv", "orders.csv", "--source", "orders").exitCode == 0)
    }

    @Test("neither a store nor a data set is written of rows that are not as expected: exit 20")
    func stopsJobs() throws {
        try importOrders(["ada,1,2026-02-01T00:00:00Z", "ada,2,2026-02-01T00:00:00Z"])
        try expect("- unique: [customer, ordered_at]")
        try apply()
        let materialized = try roost("materialize", "--at", Self.time)
        #expect(materialized.exitCode == 20)
        #expect(materialized.errors.contains("unique customer, ordered_at"))
        #expect(!exists(".roost/lake/orders/_log/00000000000000000001.commit"))
        #expect(try roost("get", "next_order", "customer=ada").exitCode != 0)
        let dataset = try dataset()
        #expect(dataset.exitCode == 20 && !exists("data/training.parquet"))
        try expect("- unique: [customer, ordered_at]\n        action: warn")
        try apply()
        let warned = try roost("materialize", "--at", Self.time, "--json")
        #expect(warned.exitCode == 0)
        #expect(verdicts(warned) == ["warned"])
        #expect(try self.dataset().exitCode == 0)
    }

    @Test("rows set aside count for nothing, and are kept with the reason")
    func quarantine() throws {
        try importOrders([
            "ada,1,2026-02-20T00:00:00Z", "ada,-5,2026-02-21T00:00:00Z",
            "bob,,2026-02-22T00:00:00Z", "cyd,700,2026-02-23T00:00:00Z",
        ])
        try expect(
            "- range: { column: amount, from: 0, to: 100 }\n        action: quarantine",
            "- not_null: amount\n        action: quarantine")
        try apply()
        let done = try roost("materialize", "--at", Self.time, "--json", "--workers", "3")
        #expect(done.exitCode == 0 && verdicts(done) == ["passed", "passed"])
        #expect(try spent("ada") == 1)
        #expect(try spent("cyd") == nil)
        let subject = try #require(subjects(done).first)
        #expect(subject["set_aside"] as? Int == 3)
        let path = try #require(subject["quarantine"] as? String)
        let bytes = try Data(contentsOf: URL(filePath: shop + "/" + path))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("range amount 0 .. 100") && text.contains("not_null amount"))
        #expect(try roost("materialize", "--at", Self.time).exitCode == 99)
        let dataset = try dataset()
        #expect(dataset.exitCode == 0 && verdicts(dataset) == ["passed", "passed"])
        #expect(try Data(contentsOf: URL(filePath: shop + "/" + path)) == bytes)
        try expect(
            "- range: { column: amount, from: 0, to: 100 }\n        action: quarantine\n"
                + "        tolerate: 50%")
        try apply()
        #expect(try roost("materialize", "--at", Self.time).exitCode == 0)
        try expect(
            "- range: { column: amount, from: 0, to: 10 }\n        action: quarantine\n"
                + "        tolerate: 49%")
        try apply()
        #expect(try roost("materialize", "--at", Self.time).exitCode == 20)
    }

    @Test("a view checks the rows that count for it alone")
    func views() throws {
        try importOrders([
            "ada,1,2026-02-20T00:00:00Z", "bob,-5,2026-02-21T00:00:00Z",
            ",-6,2026-02-22T00:00:00Z", "cyd,,2026-02-23T00:00:00Z",
        ])
        try expect("- not_null: amount\n        action: quarantine")
        try edit(
            "    refresh: stream\n",
            "    refresh: stream\n    where: customer != 'cyd'\n    expect:\n"
                + "      - that: amount > 0\n        action: quarantine\n      - volume: { within: 10% }\n"
        )
        try apply()
        let done = try roost("materialize", "--at", Self.time, "--json")
        let view = try #require(subjects(done).last)
        #expect(view["subject"] as? String == "view customer_orders")
        #expect(view["rows"] as? Int == 2 && view["set_aside"] as? Int == 1)
        #expect(try spent("ada") == 1)
        #expect(try spent("bob") == nil)
    }

    @Test("the number of rows is compared with earlier runs, and age with the asking time")
    func history() throws {
        try expect("- volume: { within: 30%, runs: 3 }", "- freshness: 2d")
        let rows = (1...9).map { "ada,\($0),2026-02-0\($0)T00:00:00Z" }
        try importOrders(rows)
        try apply()
        #expect(try roost("materialize", "--at", "2026-02-11T00:00:00Z").exitCode == 0)
        let late = try roost("materialize", "--at", "2026-02-11T00:00:01Z")
        #expect(late.exitCode == 20 && late.errors.contains("freshness 2d"))
        try importOrders(Array(rows.suffix(8)))
        #expect(try roost("materialize", "--at", "2026-02-10T12:00:00Z").exitCode == 0)
        try writeOrders(Array(rows.suffix(3)))
        let refused = try roost("import", "csv", "orders.csv", "--source", "orders")
        #expect(refused.exitCode == 20 && refused.errors.contains("3 rows, the median was 8"))
    }

    @Test("profiles are the same for any number of workers, and compare with the run before")
    func profiles() throws {
        try expect("- not_null: customer")
        let rows = (0..<200).map { row in
            "c\(row % 7),\(row * row % 31),2026-02-\(10 + row % 18)T00:00:\(10 + row % 50)Z"
        }
        try importOrders(rows)
        try apply()
        let missing = try roost("profile", "visits")
        #expect(missing.exitCode == 2 && missing.errors.contains("was not profiled yet"))
        #expect(try roost("materialize", "--at", Self.time, "--workers", "1").exitCode == 0)
        let one = try roost("profile", "orders", "--json")
        #expect(
            try roost("materialize", "--at", Self.time, "--workers", "4", "--force").exitCode == 0)
        let four = try roost("profile", "orders", "--json")
        #expect(one.exitCode == 0 && columns(one) == columns(four))
        #expect(columns(one).count == 3)
        let amount = columns(one)[1]
        #expect(amount["rows"] as? Int == 200 && amount["nulls"] as? Int == 0)
        #expect(amount["distinct"] as? Int == 16)
        #expect(one.json["earlier"] is NSNull)
        try importOrders(rows.map { $0.replacing("c1,", with: "c2,") })
        #expect(try roost("materialize", "--at", Self.time).exitCode == 0)
        let moved = columns(try roost("profile", "orders", "--json")).map { $0["moved"] as? Double }
        #expect(abs((moved[0] ?? 0) - 29.0 / 200) < 1e-12 && moved[1] == 0)
    }
}

extension ExpectationCommandTests {
    private func roost(_ words: String...) throws -> RoostProcess {
        try RoostProcess.start(words, in: shop).finish()
    }

    private func dataset() throws -> RoostProcess {
        try roost(
            "dataset", "next_order", "--spine", "pipelines/next_order.yaml", "--out",
            "data/training.parquet", "--json")
    }

    private func importOrders(_ rows: [String]) throws {
        try writeOrders(rows)
        try importing("orders.csv", "orders")
    }

    private func importing(_ file: String, _ source: String) throws {
        let done = try roost("import", "csv", file, "--source", source, "--partition", "day")
        #expect(done.exitCode == 0, "\(done.errors)")
    }

    private func writeOrders(_ rows: [String]) throws {
        let text = (["customer,amount,ordered_at"] + rows).joined(separator: "\n") + "\n"
        try write(text, to: "orders.csv")
    }

    private func apply() throws {
        let done = try roost("apply", "--allow-breaking")
        #expect([0, 99].contains(done.exitCode), "\(done.errors)")
    }

    /// What `ada` and others spent; nil for null.
    private func spent(_ customer: String) throws -> Double? {
        let answer = try roost(
            "get", "next_order", "customer=\(customer)", "--clock", Self.time, "--json")
        let features = answer.json["features"] as? [[String: Any]]
        let spent = features?.first { $0["name"] as? String == "customer_orders__spent" }
        return spent?["value"] as? Double
    }

    /// Writes the `expect:` list of the source of orders.
    private func expect(_ items: String...) throws {
        let path = shop + "/feature-definitions/shop.yaml"
        var lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
        if let start = lines.firstIndex(of: "    expect:"),
            let end = lines.firstIndex(of: "    batch:"), start < end
        {
            lines.removeSubrange(start..<end)
        }
        let place = try #require(lines.firstIndex(of: "    batch:"))
        lines.insert(contentsOf: ["    expect:"] + items.map { "      \($0)" }, at: place)
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func edit(_ text: String, _ other: String) throws {
        let path = shop + "/feature-definitions/shop.yaml"
        let old = try String(contentsOfFile: path, encoding: .utf8)
        #expect(old.contains(text))
        try old.replacing(text, with: other)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func write(_ text: String, to file: String) throws {
        try text.write(toFile: shop + "/" + file, atomically: true, encoding: .utf8)
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: shop + "/" + path)
    }

    private func subjects(_ run: RoostProcess) -> [[String: Any]] {
        let reports = run.json["quality"] as? [[String: Any]] ?? []
        return reports.flatMap { $0["subjects"] as? [[String: Any]] ?? [] }
    }

    private func verdicts(_ run: RoostProcess) -> [String] {
        subjects(run).flatMap { $0["expectations"] as? [[String: Any]] ?? [] }
            .compactMap { $0["verdict"] as? String }
    }

    private func columns(_ run: RoostProcess) -> [NSDictionary] {
        (run.json["columns"] as? [NSDictionary]) ?? []
    }
}

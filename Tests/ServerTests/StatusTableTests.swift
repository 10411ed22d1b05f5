import Foundation
import TestSupport
import Testing

/// What each kind of feature answers in each situation, over HTTP and by `roost get`.
///
/// Materialized as of March 1st, when the readings of a meter are valid for 6 hours and what is
/// known of visits for 3 days. `level` is a latest value; `orders` and `total` are aggregates that
/// a stream refreshes; `visits` and `mean_spend` are aggregates refreshed every day; the last three
/// are derived: of the latest value, of the count, and with a value for null.
@Suite("The status table", .serialized)
struct StatusTableTests {
    private static let table = """
        clock                       | customer | level                | orders      | total           | visits               | mean_spend           | double_level    | more_visits     | level_or_0
        2026-03-01T00:00:00Z        | full     | 1.5 PRESENT          | 2 PRESENT   | 30 PRESENT      | 2 PRESENT            | 15 PRESENT           | 3 PRESENT       | 3 PRESENT       | 1.5 PRESENT
        2026-03-01T00:00:00Z        | nothing  | null NULL_VALUE      | 1 PRESENT   | null NULL_VALUE | 1 PRESENT            | null NULL_VALUE      | null NULL_VALUE | 2 PRESENT       | 0 PRESENT
        2026-03-01T00:00:00Z        | edge     | 3.5 PRESENT          | 0 NOT_FOUND | null NOT_FOUND  | 0 NOT_FOUND          | null NOT_FOUND       | 7 PRESENT       | 1 PRESENT       | 3.5 PRESENT
        2026-03-01T00:00:00Z        | old      | null OUTSIDE_MAX_AGE | 0 NOT_FOUND | null NOT_FOUND  | 0 NOT_FOUND          | null NOT_FOUND       | null NULL_VALUE | 1 PRESENT       | 0 PRESENT
        2026-03-01T00:00:00Z        | unknown  | null NOT_FOUND       | 0 NOT_FOUND | null NOT_FOUND  | 0 NOT_FOUND          | null NOT_FOUND       | null NULL_VALUE | 1 PRESENT       | 0 PRESENT
        2026-03-04T00:00:00Z        | full     | null OUTSIDE_MAX_AGE | 2 PRESENT   | 30 PRESENT      | 2 PRESENT            | 15 PRESENT           | null NULL_VALUE | 3 PRESENT       | 0 PRESENT
        2026-03-04T00:00:00.000001Z | full     | null OUTSIDE_MAX_AGE | 2 PRESENT   | 30 PRESENT      | null OUTSIDE_MAX_AGE | null OUTSIDE_MAX_AGE | null NULL_VALUE | null NULL_VALUE | 0 PRESENT
        2026-03-04T00:00:00.000001Z | nothing  | null OUTSIDE_MAX_AGE | 1 PRESENT   | null NULL_VALUE | null OUTSIDE_MAX_AGE | null OUTSIDE_MAX_AGE | null NULL_VALUE | null NULL_VALUE | 0 PRESENT
        2026-03-04T00:00:00.000001Z | unknown  | null NOT_FOUND       | 0 NOT_FOUND | null NOT_FOUND  | null OUTSIDE_MAX_AGE | null OUTSIDE_MAX_AGE | null NULL_VALUE | null NULL_VALUE | 0 PRESENT
        """

    private static let lines = table.split(separator: "\n").map { line in
        line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    private static var features: ArraySlice<String> { lines[0][2...] }
    private static var rows: ArraySlice<[String]> { lines[1...] }

    private let folder: TemporaryFolder
    private var project: String { folder.path }

    init() throws {
        folder = try TemporaryFolder()
        let files = [
            "feature-definitions/table.yaml": Self.definitions, "readings.csv": Self.readings,
            "purchases.csv": Self.purchases,
        ]
        try FileManager.default.createDirectory(
            atPath: folder.file("feature-definitions"), withIntermediateDirectories: true)
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        }
        for source in ["readings", "purchases"] {
            _ = try run("import", "csv", folder.file("\(source).csv"), "--source", source)
        }
        _ = try run("apply")
        _ = try run("materialize", "--at", "2026-03-01T00:00:00Z")
    }

    @Test("has every status, and each cell is answered over HTTP")
    func served() throws {
        let statuses = Set(
            Self.rows.joined().compactMap { $0.split(separator: " ").dropFirst().last })
        #expect(statuses == ["PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"])
        for (clock, rows) in Dictionary(grouping: Self.rows, by: { $0[0] }) {
            let server = try ServeProcess(project, clock: clock)
            let customers = rows.map { "\"\($0[1])\"" }.joined(separator: ",")
            let answer = try server.post(
                "/get-online-features",
                #"{"feature_service":"table","entities":{"customer":[\#(customers)]}}"#)
            #expect(answer.status == 200, "\(answer.body)")
            for (index, row) in rows.enumerated() {
                let cells = try Self.cells(answer, row: index)
                #expect(cells == Array(row[2...]), "\(row[1]) at \(clock)")
            }
            #expect(server.stop() == 0)
        }
    }

    @Test("is what roost get answers")
    func lookedUp() throws {
        for row in Self.rows {
            let output = try run("get", "table", "customer=\(row[1])", "--clock", row[0], "--json")
            let line = Data((output.split(separator: "\n").last ?? "").utf8)
            let json = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            let features = try #require(json["features"] as? [[String: Any]])
            let names = features.map { ($0["name"] as? String ?? "").components(separatedBy: "__") }
            #expect(names.map { $0.last } == Array(Self.features))
            let cells = features.map { Self.cell($0["value"], $0["status"]) }
            #expect(cells == Array(row[2...]), "\(row[1]) at \(row[0])")
        }
    }

    private func run(_ words: String...) throws -> String {
        try JudgeProcess.run(ServeProcess.program, words + ["--project", project])
    }

    private static func cells(_ answer: LoopbackClient.Answer, row: Int) throws -> [String] {
        let json = try #require(try answer.json() as? [String: Any])
        let metadata = try #require(json["metadata"] as? [String: Any])
        #expect(metadata["feature_names"] as? [String] == ["customer"] + Array(features))
        let results = try #require(json["results"] as? [[String: Any]])
        return results.dropFirst().map { result in
            cell((result["values"] as? [Any])?[row], (result["statuses"] as? [Any])?[row])
        }
    }

    /// A value without the point of a whole number, and its status.
    private static func cell(_ value: Any?, _ status: Any?) -> String {
        let number = (value as? NSNumber).map { "\($0.doubleValue)" }
        let text = number.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }
        return "\(text ?? "null") \(status ?? "")"
    }

    private static let readings = """
        customer,level,at
        full,9.5,2026-02-28T20:00:00Z
        full,1.5,2026-02-28T22:00:00Z
        nothing,4.5,2026-02-28T20:00:00Z
        nothing,,2026-02-28T22:00:00Z
        edge,3.5,2026-02-28T18:00:00Z
        old,2.5,2026-02-28T17:59:59.999999Z
        unknown,6.5,2026-03-01T00:00:00Z

        """

    private static let purchases = """
        customer,spend,at
        full,10,2026-02-27T10:00:00Z
        full,20,2026-02-28T10:00:00Z
        nothing,,2026-02-28T10:00:00Z
        edge,5,2026-02-14T23:30:00Z
        old,5,2026-01-15T10:00:00Z

        """

    private static let definitions = """
        project: table
        entities:
          - name: customer
            keys: { customer: string }
        sources:
          - name: readings
            event_time: at
            schema:
              customer: string
              level: double
              at: timestamp
            batch:
              parquet: data/readings
          - name: purchases
            event_time: at
            schema:
              customer: string
              spend: double
              at: timestamp
            batch:
              parquet: data/purchases
        views:
          - name: meter
            entity: customer
            source: readings
            refresh: stream
            ttl: 6h
            features: [level]
          - name: flow
            entity: customer
            source: purchases
            refresh: stream
            features:
              orders: count() over 14d hop 1h
              total: sum(spend) over 14d hop 1h
          - name: stays
            entity: customer
            source: purchases
            refresh: every 1d delay 0s
            ttl: 3d
            features:
              visits: count() over 14d hop 1h
              mean_spend: mean(spend) over 14d hop 1h
        services:
          - name: table
            features:
              - meter.*
              - flow.*
              - stays.*
            derived:
              double_level: level * 2
              more_visits: visits + 1
              level_or_0: coalesce(level, 0.0)

        """
}

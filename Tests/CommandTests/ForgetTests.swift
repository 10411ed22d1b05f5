import Foundation
import TestSupport
import Testing

@Suite("roost forget", .serialized)
struct ForgetTests {
    private typealias Trade = TradeProject.Trade
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Whoever is forgotten, in words and as rows.
    struct Subject: Sendable, CustomTestStringConvertible {
        let words: [String]
        let isMeant: @Sendable (TradeProject.Trade) -> Bool
        var testDescription: String { words.joined(separator: " ") }

        static let all = [
            Subject(words: ["customer", "customer=7"]) { $0.buyer == 7 || $0.seller == 7 },
            Subject(words: ["route", "dest=Oslo", "origin=Ghent"]) {
                $0.from == "Ghent" && $0.to == "Oslo"
            },
        ]
    }

    @Test("removes every row and state, and what is left is as if they had never been")
    func embedded() throws {
        for subject in Subject.all {
            try check(subject, in: folder.file(subject.words[0]), profiles: nil)
        }
    }

    @Test("does the same with Redis and PostgreSQL")
    func servers() throws {
        for subject in Subject.all {
            let redis = try RedisServer()
            let postgres = try PostgresServer()
            try check(
                subject, in: folder.file(subject.words[0]),
                profiles: """
                    profiles:
                      embedded:
                        online: redis://127.0.0.1:\(redis.port)
                        offline: \(postgres.address)
                        registry: sqlite:.roost/registry.db

                    """)
        }
    }

    private func check(_ subject: Subject, in path: String, profiles: String?) throws {
        let shop = try filled(TradeProject(at: path, profiles: profiles))
        let clean = try filled(TradeProject(at: path + "-clean")) { !subject.isMeant($0) }
        let command = ["forget"] + subject.words
        let before = try dataset(shop, "before")
        let planned = try shop.run(command + ["--dry-run"])
        #expect(planned.exitCode == 0, "\(planned.errors)")
        #expect(try dataset(shop, "again") == before)

        let done = try shop.run(command)
        #expect(done.exitCode == 0, "\(done.errors)")
        #expect(removed(done) == removed(planned))
        let rows = Trade.all.count(where: subject.isMeant)
        let log = (removed(done)["event_logs"] as? [[String: Any]])?.first
        #expect(log?["rows"] as? Int == rows && log?["source"] as? String == "trades")
        let bad = (removed(done)["quarantine"] as? [[String: Any]])?.first
        let wrong = Trade.all.count { subject.isMeant($0) && $0.amount < 0 }
        #expect(bad?["rows"] as? Int ?? 0 == wrong)
        #expect(try dataset(shop, "after") == dataset(clean, "clean"))
        #expect(try dataset(shop, "after") != before)

        let again = try shop.run(command)
        #expect(again.exitCode == 99 && again.json["status"] as? String == "nothing_to_do")
        let left = (again.json["remaining"] as? [[String: Any]]) ?? []
        let files = left.filter { $0["kind"] as? String == "source file" }
        #expect(files.compactMap { $0["rows"] as? Int }.reduce(0, +) == rows)

        // The same input is done already; the rows come back only with a file that has them.
        let same = try shop.run(["materialize", "--at", TradeProject.late])
        #expect(same.exitCode == 99, "\(same.errors)")
        #expect(try dataset(shop, "same") == dataset(clean, "clean"))
        try imported(shop) { !subject.isMeant($0) }
        try materialized(shop)
        let asked = [
            ["customer=7", "origin=Ghent", "dest=Oslo"],
            ["customer=3", "origin=Oslo", "dest=Oslo"],
        ]
        for words in asked {
            #expect(try answer(shop, words) == answer(clean, words), "\(words)")
        }
        let last = try shop.run(command)
        #expect(last.exitCode == 0 || last.exitCode == 99, "\(last.errors)")
        let kinds = (last.json["remaining"] as? [[String: Any]])?.map { $0["kind"] as? String }
        #expect(kinds?.contains("source file") == false)
    }

    @Test("names data sets and models that hold it, and the aliases on them")
    func listing() throws {
        let shop = try filled(TradeProject(at: folder.file("listing")))
        let set = try shop.run([
            "dataset", "value", "--spine", "pipelines/value.yaml", "--out", "set.parquet",
        ])
        #expect(set.exitCode == 0, "\(set.errors)")
        let planned = try shop.run(["forget", "customer", "customer=7", "--dry-run"])
        let left = (planned.json["remaining"] as? [[String: Any]]) ?? []
        let found = left.first { $0["kind"] as? String == "data set" }
        #expect(found?["name"] as? String == "set.parquet" && found?["rows"] as? Int == 5)
        let spine = left.first { $0["kind"] as? String == "spine file" }
        #expect(spine?["rows"] as? Int == 5, "\(left)")
        try FileManager.default.removeItem(atPath: shop.file("set.parquet"))
        let gone = try shop.run(["forget", "customer", "customer=7", "--dry-run"])
        let missing = (gone.json["remaining"] as? [[String: Any]])?.first {
            $0["kind"] as? String == "data set"
        }
        #expect(missing?["rows"] is NSNull)
    }

    @Test("refuses entities and keys that do not exist: exit 2")
    func refusals() throws {
        let shop = try filled(TradeProject(at: folder.file("refusals")))
        for (words, hint) in [
            (["custmer", "customer=7"], "customer"), (["customer", "custmer=7"], "customer"),
            (["customer", "customer=x"], "int64"), (["route", "origin=Oslo"], "dest"),
            (["customer", "customer=1", "customer=2"], "twice"),
        ] {
            let run = try shop.run(["forget"] + words)
            #expect(run.exitCode == 2 && run.errors.contains(hint), "\(run.errors)")
        }
        let nobody = try shop.run(["forget", "customer", "customer=1000"])
        #expect(nobody.exitCode == 99, "\(nobody.errors)")
    }

    @Test("killed at any moment, it is finished by the next run")
    func kills() throws {
        let template = try filled(TradeProject(at: folder.file("template")))
        let clean = try filled(TradeProject(at: folder.file("clean"))) {
            $0.buyer != 7 && $0.seller != 7
        }
        let whole = try dataset(template, "whole")
        let expected = try dataset(clean, "clean")
        let clock = ContinuousClock()
        let words = ["forget", "customer", "customer=7"]
        var trial: RoostProcess?
        let length = try clock.measure { trial = try clean.run(words + ["--dry-run"]) }
        #expect(trial?.exitCode == 99)
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var hits = 0
        for round in 0..<25 {
            let path = folder.file("round")
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(atPath: template.path, toPath: path)
            let shop = TradeProject(existing: path)
            let job = try RoostProcess.start(
                ["forget", "customer", "customer=7", "--json"], in: path)
            let deadline = clock.now + length * Double.random(in: 0.1...2, using: &random)
            while clock.now < deadline, job.process.isRunning {}
            kill(job.process.processIdentifier, SIGKILL)
            _ = job.finish()
            if job.process.terminationReason == .uncaughtSignal { hits += 1 }
            // All or nothing of the log, whatever was killed when.
            let middle = try dataset(shop, "middle")
            #expect(middle == whole || middle == expected, "seed \(seed), round \(round)")
            let next = try shop.run(["forget", "customer", "customer=7"])
            #expect(next.exitCode == 0 || next.exitCode == 99, "seed \(seed): \(next.errors)")
            #expect(try dataset(shop, "end") == expected, "seed \(seed), round \(round)")
            #expect(try answer(shop, ["customer=7", "origin=a", "dest=b"]).contains("NOT_FOUND"))
            let files = FileManager.default.enumerator(atPath: shop.file(".roost/lake"))
            for case let name as String in files ?? .init() {
                #expect(!name.hasSuffix(".tmp"), "seed \(seed), round \(round)")
            }
        }
        print("killed roost forget: \(hits) of 25 rounds hit it, seed \(seed)")
        #expect(hits >= 5)
    }

    private func filled(
        _ shop: TradeProject, where isKept: (TradeProject.Trade) -> Bool = { _ in true }
    ) throws -> TradeProject {
        try imported(shop, isKept)
        #expect(try shop.run(["apply"]).exitCode == 0)
        try materialized(shop, at: TradeProject.early)
        try materialized(shop)
        return shop
    }

    private func imported(
        _ shop: TradeProject, _ isKept: (TradeProject.Trade) -> Bool
    ) throws {
        for run in try shop.importRows(where: isKept) {
            #expect(run.exitCode == 0 || run.exitCode == 99, "\(run.errors)")
        }
    }

    private func materialized(_ shop: TradeProject, at time: String = TradeProject.late) throws {
        let run = try shop.run(["materialize", "--at", time])
        #expect(run.exitCode == 0, "\(run.errors)")
    }

    private func removed(_ run: RoostProcess) -> NSDictionary {
        run.json["removed"] as? NSDictionary ?? [:]
    }

    /// A training set of what the event logs have, as its file's bytes.
    private func dataset(_ shop: TradeProject, _ name: String) throws -> Data {
        let run = try shop.run([
            "dataset", "value", "--spine", "pipelines/value.yaml", "--out", "\(name).parquet",
            "--as-known-at", "2", "--force",
        ])
        #expect(run.exitCode == 0, "\(run.errors)")
        return try Data(contentsOf: URL(filePath: shop.file("\(name).parquet")))
    }

    /// What the online store answers, but for the numbers of the generations.
    private func answer(_ shop: TradeProject, _ words: [String]) throws -> String {
        let run = try shop.run(["get", "value"] + words + ["--clock", TradeProject.late])
        #expect(run.exitCode == 0, "\(run.errors)")
        let features = run.json["features"] as? [Any] ?? []
        return String(
            decoding: try JSONSerialization.data(withJSONObject: features, options: .sortedKeys),
            as: UTF8.self)
    }
}

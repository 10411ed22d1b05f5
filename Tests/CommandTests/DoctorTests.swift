import Foundation
import TestSupport
import Testing

@Suite("roost doctor and roost status", .serialized)
struct DoctorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("finds a project well, and a new one without anything to fail")
    func well() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        let new = try shop.run(["doctor"])
        #expect(new.exitCode == 1, "the files of sources are missing: \(new.output)")
        try fill(shop)
        let run = try shop.run(["doctor"])
        #expect(run.exitCode == 0, "\(run.output)")
        let found = verdicts(run)
        #expect(!found.contains { $0.verdict == "fail" })
        for subject in ["definitions", "registry", "online store", "offline store", "view bought"] {
            #expect(found.contains { $0.subject == subject && $0.verdict == "ok" }, "\(subject)")
        }
        #expect(found.contains { $0.subject == "view sold" && $0.text.contains("schedule wants") })
    }

    @Test("tells what is wrong with each part, and goes on")
    func broken() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        try fill(shop)
        try shop.write("feature-definitions/more.yaml", "views: 3\n")
        let parquet = try #require(
            FileManager.default.enumerator(atPath: shop.file(".roost/lake/trades"))?
                .compactMap { $0 as? String }.first { $0.hasSuffix(".parquet") })
        try FileManager.default.removeItem(atPath: shop.file(".roost/lake/trades/\(parquet)"))
        try FileManager.default.removeItem(atPath: shop.file("data/asks"))
        let run = try shop.run(["doctor"])
        #expect(run.exitCode == 1)
        let failed = verdicts(run).filter { $0.verdict == "fail" }.map(\.subject)
        #expect(failed == ["definitions", "offline store", "source asks"], "\(run.output)")
        let told = try RoostProcess.run("doctor", in: shop.path)
        #expect(told.output.contains("fail  offline store"), "\(told.output)")
    }

    @Test("looks at servers, says what to set, and shows no password")
    func servers() throws {
        let redis = try RedisServer(["--requirepass", "s3cret"])
        let postgres = try PostgresServer(["fsync=off", "synchronous_commit=off"])
        let shop = try TradeProject(
            at: folder.file("shop"), profiles: Self.profiles(redis.port, postgres.address))
        try fill(shop)
        let run = try shop.run(["doctor"])
        let found = verdicts(run)
        #expect(
            found.contains {
                $0.subject == "online store" && $0.verdict == "warn"
                    && $0.text.contains("appendonly yes")
            }, "\(run.output)")
        #expect(found.contains { $0.verdict == "warn" && $0.text.contains("maxmemory") })
        #expect(found.contains { $0.subject == "online store" && $0.text.contains("may write") })
        #expect(
            found.contains {
                $0.subject == "offline store" && $0.verdict == "fail"
                    && $0.text.contains("fsync is off")
            }, "\(run.output)")
        #expect(found.contains { $0.subject == "offline store" && $0.text.contains("of version") })
        redis.kill()
        let gone = try shop.run(["doctor"])
        #expect(gone.exitCode == 1)
        let failed = verdicts(gone).filter { $0.verdict == "fail" }
        #expect(failed.contains { $0.subject == "online store" })
        #expect(verdicts(gone).contains { $0.subject == "source trades" && $0.verdict == "ok" })
        for run in [run, gone] {
            let all = run.output + run.errors
            #expect(!all.contains("s3cret") && !all.contains(postgres.password))
        }
        try redis.start()
        let empty = try shop.run(["doctor"])
        #expect(
            verdicts(empty).contains { $0.subject == "view bought" && $0.verdict == "warn" },
            "\(empty.output)")
    }

    @Test("notices that the online store was exchanged for an older one")
    func restored() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        try fill(shop, at: TradeProject.early)
        try FileManager.default.copyItem(
            atPath: shop.file(".roost/online"), toPath: shop.file("dump"))
        try materialize(shop, TradeProject.late)
        try FileManager.default.removeItem(atPath: shop.file(".roost/online"))
        try FileManager.default.moveItem(
            atPath: shop.file("dump"), toPath: shop.file(".roost/online"))
        let run = try shop.run(["doctor"])
        #expect(run.exitCode == 1)
        let view = verdicts(run).first { $0.subject == "view bought" }
        #expect(view?.verdict == "fail" && view?.text.contains("restored") == true)
    }

    @Test("status tells whether schedules are kept, and what is offline")
    func status() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        try fill(shop)
        for (clock, schedule) in [
            (TradeProject.late, "kept"), ("2026-03-02T01:00:00Z", "late"),
            (TradeProject.early, "ahead"),
        ] {
            let run = try shop.run(["status", "--clock", clock])
            #expect(run.exitCode == 0, "\(run.errors)")
            let views = run.json["views"] as? [[String: Any]] ?? []
            #expect(
                views.map { $0["schedule"] as? String } == ["stream", schedule, "stream"])
            #expect(views.allSatisfy { $0["offline_rows"] as? Int == 1500 })
            #expect(views.allSatisfy { ($0["offline_bytes"] as? Int ?? 0) > 1000 })
        }
        let told = try RoostProcess.run("status", "--clock", "2026-03-02T01:00:00Z", in: shop.path)
        #expect(told.output.contains("late, wants 2026-03-02T00:00:00Z"), "\(told.output)")
    }

    private struct Verdict {
        let subject: String
        let verdict: String
        let text: String
    }

    private func verdicts(_ run: RoostProcess) -> [Verdict] {
        (run.json["checks"] as? [[String: Any]] ?? []).map { check in
            Verdict(
                subject: check["subject"] as? String ?? "",
                verdict: check["verdict"] as? String ?? "",
                text: "\(check["message"] ?? "") \(check["remedy"] ?? "")")
        }
    }

    private func fill(_ shop: TradeProject, at time: String = TradeProject.late) throws {
        for run in try shop.importRows() { #expect(run.exitCode == 0, "\(run.errors)") }
        #expect(try shop.run(["apply"]).exitCode == 0)
        try materialize(shop, time)
    }

    private func materialize(_ shop: TradeProject, _ time: String) throws {
        let run = try shop.run(["materialize", "--at", time])
        #expect(run.exitCode == 0, "\(run.errors)")
    }

    private static func profiles(_ redis: UInt16, _ postgres: String) -> String {
        """
        profiles:
          embedded:
            online: redis://:s3cret@127.0.0.1:\(redis)
            offline: \(postgres)
            registry: sqlite:.roost/registry.db

        """
    }
}

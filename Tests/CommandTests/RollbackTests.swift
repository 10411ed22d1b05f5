import Foundation
import Redis
import TestSupport
import Testing

@Suite("An online store that was restored from an older copy")
struct RollbackTests {
    private let shop: FaultShop
    private let folder: TemporaryFolder
    private let redis: RedisServer

    init() throws {
        folder = try TemporaryFolder()
        shop = try FaultShop.make(at: folder.file("shop"))
        redis = try RedisServer()
        try shop.write(
            "roost.yaml",
            """
            profiles:
              redis:
                online: redis://127.0.0.1:\(redis.port)
                offline: lake:.roost/lake
                registry: sqlite:.roost/registry.db

            """)
        try run(["import", "csv", "input/orders.csv", "--source", "orders"])
    }

    @Test("in Redis stops lookups with the remedy, and an interval that was done is done again")
    func redisDump() throws {
        let profile = ["--profile", "redis"]
        let interval = ["materialize", "--from", FaultShop.early, "--to", FaultShop.late] + profile
        let get = ["get", "returns", "customer=7", "--clock", FaultShop.late] + profile
        try run(["apply"] + profile)
        try run(["materialize", "--at", FaultShop.early] + profile)
        let address = RedisAddress(.host("127.0.0.1", port: redis.port))
        try RedisConnection(address).run("SAVE").confirm()
        try run(interval)
        let right = try run(get)
        #expect(try shop.run(interval).exitCode == 99)

        redis.kill()
        try redis.start()
        for words in [get, ["serve", "--listen", "127.0.0.1:0"] + profile] {
            let stopped = try shop.run(words)
            #expect(stopped.exitCode == 1, "\(words[0]): \(stopped.errors)")
            #expect(stopped.errors.contains("restored from an older copy"), "\(stopped.errors)")
            #expect(stopped.errors.contains("--force"), "\(stopped.errors)")
        }
        try run(interval)
        let values = { (text: String) in text.components(separatedBy: "\"views\"")[0] }
        #expect(values(try run(get)) == values(right))
        #expect(try shop.run(interval).exitCode == 99)
    }

    @Test("in the project's folder does too")
    func folderCopy() throws {
        let get = ["get", "returns", "customer=7", "--clock", FaultShop.late]
        try run(["apply"])
        try run(["materialize", "--at", FaultShop.early])
        let copy = folder.file("copy")
        try FileManager.default.copyItem(atPath: shop.file(".roost/online"), toPath: copy)
        try run(["materialize", "--at", FaultShop.late])
        let right = try run(get)
        try FileManager.default.removeItem(atPath: shop.file(".roost/online"))
        try FileManager.default.copyItem(atPath: copy, toPath: shop.file(".roost/online"))
        let stopped = try shop.run(get)
        #expect(stopped.exitCode == 1, "\(stopped.errors)")
        #expect(stopped.errors.contains("restored from an older copy"), "\(stopped.errors)")
        try run(["materialize", "--at", FaultShop.late])
        let values = { (text: String) in text.components(separatedBy: "\"views\"")[0] }
        #expect(values(try run(get)) == values(right))
    }

    @Test("of another project is refused by name")
    func otherProject() throws {
        let profile = ["--profile", "redis"]
        try run(["apply"] + profile)
        try run(["materialize", "--at", FaultShop.late] + profile)
        let other = try shop.copy(to: folder.file("other"))
        let text = FaultShop.definitions.replacingOccurrences(
            of: "project: shop", with: "project: b")
        try other.write("feature-definitions/shop.yaml", text)
        try FileManager.default.removeItem(atPath: other.file(".roost"))
        #expect(try other.run(["apply"] + profile).exitCode == 0)
        for words in [
            ["materialize", "--at", FaultShop.late, "--force"],
            ["get", "returns", "customer=7", "--clock", FaultShop.late],
        ] {
            let refused = try other.run(words + profile)
            #expect(refused.exitCode != 0)
            #expect(refused.errors.contains("project 'shop', not of 'b'"), "\(refused.errors)")
        }
    }

    @discardableResult
    private func run(_ words: [String]) throws -> String {
        let run = try shop.run(words)
        #expect(run.exitCode == 0, "\(words): \(run.errors)")
        return run.output
    }
}

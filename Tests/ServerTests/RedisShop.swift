import Foundation
import Server
import TestSupport

/// The project of `roost init`, materialized into LMDB and, under the profile `shared`, into a
/// Redis server of its own.
struct RedisShop {
    let shop: ServedShop
    let redis: RedisServer

    /// Makes the project, starts the server with the settings `arguments`, and materializes.
    init(
        _ arguments: [String] = [], at time: String = ServedShop.clock,
        editing: (ServedShop) throws -> Void = { _ in }
    ) throws {
        shop = try ServedShop()
        try editing(shop)
        redis = try RedisServer(arguments)
        try shop.write(
            "roost.yaml",
            """
            profiles:
              embedded:
                online: lmdb:.roost/online
                offline: lake:.roost/lake
                registry: sqlite:.roost/registry.db
              shared:
                online: redis://127.0.0.1:\(redis.port)
                offline: lake:.roost/lake
                registry: sqlite:.roost/registry.db

            """)
        try shop.run("apply")
        try materialize(at: time)
    }

    /// Fills both stores.
    func materialize(at time: String = ServedShop.clock) throws {
        try shop.run("materialize", "--at", time)
        try shop.run("materialize", "--at", time, "--profile", "shared")
    }

    func serve(
        from profile: String, clock: String = ServedShop.clock, loops: Int = 1
    ) throws -> ServeProcess {
        try ServeProcess(shop.path, clock: clock, loops: loops, profile: profile)
    }

    /// Sends a command to the Redis server.
    func tell(_ words: String...) throws {
        _ = try JudgeProcess.run("/usr/bin/redis-cli", ["-p", "\(redis.port)"] + words)
    }
}

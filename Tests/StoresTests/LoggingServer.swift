import Foundation
import Redis
import TestSupport
import Testing

@testable import Stores

/// A Redis server with a log of changes whose end can be cut off, as by a machine that dies.
struct LoggingServer {
    let server: RedisServer
    var address: RedisAddress { RedisAddress(.host("127.0.0.1", port: server.port)) }

    init() throws {
        server = try RedisServer([
            "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0",
        ])
    }

    /// Connections of one worker.
    func pool() -> RedisPool { RedisPool(address) }

    /// What the log has by now.
    func log() throws -> Data { try Data(contentsOf: file()) }

    /// Starts the server that was killed with this log, and waits until it has read it.
    func start(with log: Data? = nil) throws {
        if let log { try log.write(to: file()) }
        try server.start()
        let deadline = ContinuousClock.now + .seconds(20)
        while !isReady { try #require(ContinuousClock.now < deadline) }
    }

    private var isReady: Bool {
        let answer = try? pool().withConnection { connection throws(RedisError) in
            try connection.run("PING")
        }
        return answer == .status("PONG")
    }

    private func file() throws -> URL {
        let folder = server.folder.file("appendonlydir")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let name = try #require(names.first { $0.hasSuffix(".incr.aof") })
        return URL(filePath: "\(folder)/\(name)")
    }
}

import Foundation
import Redis
import TestSupport
import Testing

@Suite("A connection to Redis")
struct RedisConnectionTests {
    private let server: RedisServer

    init() throws { server = try RedisServer() }

    private var address: RedisAddress { RedisAddress(.host("127.0.0.1", port: server.port)) }

    @Test("gives back the bytes that were written, whatever they are")
    func bytes() throws {
        let connection = try RedisConnection(address)
        var generator = SeededGenerator(seed: 7)
        let values = (0..<200).map { _ in
            (0..<Int.random(in: 0...3000, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
        }
        var commands = RedisCommands()
        for (index, value) in values.enumerated() {
            commands.appendSet(Array("k\(index)".utf8), value)
        }
        for reply in try connection.run(commands) { try reply.confirm() }
        commands.removeAll()
        commands.append("MGET", values.indices.map { Array("k\($0)".utf8) } + [Array("no".utf8)])
        let found = try connection.run(commands)[0].elements(values.count + 1)
        #expect(try found.dropLast().map { try $0.optionalBytes() } == values)
        #expect(found.last == .null)
    }

    @Test("does not wait for ever on pipelines larger than all buffers between the two")
    func largePipelines() throws {
        let connection = try RedisConnection(address)
        var commands = RedisCommands()
        let value = [UInt8](repeating: 65, count: 100_000)
        for _ in 0..<300 { commands.append("ECHO", [value]) }
        let replies = try connection.run(commands)
        #expect(replies.count == 300 && replies.allSatisfy { $0 == .bytes(value) })
    }

    @Test("keeps answers in order while later commands are sent")
    func overlapping() throws {
        let connection = try RedisConnection(address)
        for round in 0..<50 {
            var commands = RedisCommands()
            for step in 0..<10 { commands.append("ECHO", "\(round * 10 + step)") }
            try connection.send(commands)
            if round > 0 {
                let expected = (0..<10).map {
                    RedisReply.bytes(Array("\((round - 1) * 10 + $0)".utf8))
                }
                #expect(try connection.receive(10) == expected)
            }
        }
        #expect(try connection.receive(10).count == 10)
    }

    @Test("goes over a Unix socket, into the database of the address")
    func unixSocket() throws {
        let other = try RedisConnection(
            RedisAddress(parsing: "unix://\(server.socketPath)?db=3"))
        _ = try other.run("SET", "a", "1")
        let connection = try RedisConnection(address)
        #expect(try connection.run("GET", "a") == .null)
        _ = try connection.run("SELECT", "3")
        #expect(try connection.run("GET", "a") == .bytes(Array("1".utf8)))
    }

    @Test("signs in with password and ACL user, and says when it is refused")
    func signingIn() throws {
        let guarded = try RedisServer([
            "--requirepass", "p@ss", "--user", "ada", "on", ">love", "~*", "+@all",
        ])
        let host = "127.0.0.1:\(guarded.port)"
        for credentials in [":p%40ss", "ada:love"] {
            let connection = try RedisConnection(
                RedisAddress(parsing: "redis://\(credentials)@\(host)"))
            #expect(try connection.run("PING") == .status("PONG"))
        }
        for credentials in ["", ":wrong@", "ada:wrong@", "eve:love@"] {
            let error = #expect(throws: RedisError.self) {
                try RedisConnection(RedisAddress(parsing: "redis://\(credentials)\(host)"))
            }
            #expect(error?.code == .denied, "\(credentials)")
            #expect(error?.description.contains("wrong") == false)
        }
    }

    @Test("says where nobody listens, and who does not exist")
    func nobody() throws {
        server.kill()
        for text in ["redis://127.0.0.1:\(server.port)", "unix:///nowhere/redis.sock"] {
            let error = #expect(throws: RedisError.self) {
                try RedisConnection(RedisAddress(parsing: text))
            }
            #expect(error?.code == .disconnected && error?.isRetriable == true)
            #expect(error?.message.contains(text) == true, "\(String(describing: error))")
        }
    }

    @Test("ends when the server hangs, and is broken then")
    func hanging() throws {
        var timeouts = RedisConnection.Timeouts()
        timeouts.answer = .milliseconds(200)
        let connection = try RedisConnection(address, timeouts: timeouts)
        server.pause()
        defer { server.resume() }
        let error = #expect(throws: RedisError.self) { try connection.run("PING") }
        #expect(error?.code == .timeout && connection.isBroken)
    }

    @Test("ends when the server is killed")
    func killed() throws {
        let connection = try RedisConnection(address)
        server.kill()
        let error = #expect(throws: RedisError.self) { try connection.run("PING") }
        #expect(error?.code == .disconnected && connection.isBroken)
    }

    @Test("tells the errors of a server apart")
    func serverErrors() throws {
        let connection = try RedisConnection(address)
        _ = try connection.run("SET", "text", "x")
        let wrongType = #expect(throws: RedisError.self) { try connection.run("HGET", "text", "f") }
        #expect(wrongType?.code == .refused && !connection.isBroken)
        _ = try connection.run("CONFIG", "SET", "maxmemory", "1")
        let full = #expect(throws: RedisError.self) { try connection.run("SET", "a", "b") }
        #expect(full?.code == .full && full?.isRetriable == true)
        _ = try connection.run("CONFIG", "SET", "maxmemory", "0")
        _ = try connection.run("REPLICAOF", "127.0.0.1", "1")
        let replica = #expect(throws: RedisError.self) { try connection.run("SET", "a", "b") }
        #expect(replica?.code == .notReady)
    }
}

import Redis
import TestSupport
import Testing

@Suite("TLS to Redis")
struct RedisTLSTests {
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates() }

    private func server(
        _ files: TestCertificates.Files, asksClients: Bool = false
    ) throws -> RedisServer {
        try RedisServer(
            tls: .init(files, authority: certificates.authority, asksClients: asksClients))
    }

    private func connect(
        _ server: RedisServer, _ settings: String, host: String = "127.0.0.1",
        _ timeouts: RedisConnection.Timeouts = .init()
    ) throws -> RedisConnection {
        try RedisConnection(
            RedisAddress(parsing: "rediss://\(host):\(server.port)?\(settings)"),
            timeouts: timeouts)
    }

    @Test("carries commands and answers of any size, by address and by name")
    func exchange() throws {
        let server = try server(certificates.issue("server"))
        for host in ["127.0.0.1", "localhost"] {
            let connection = try connect(server, "ca=\(certificates.authority)", host: host)
            let value = [UInt8](repeating: 66, count: 100_000)
            var commands = RedisCommands()
            for number in 0..<100 { commands.appendSet(Array("k\(number)".utf8), value) }
            for reply in try connection.run(commands) { try reply.confirm() }
            commands.removeAll()
            commands.append("MGET", (0..<100).map { Array("k\($0)".utf8) })
            let replies = try connection.run(commands)[0].elements(100)
            #expect(replies.allSatisfy { $0 == .bytes(value) })
        }
    }

    @Test("is refused to servers whose certificate proves nothing")
    func strangers() throws {
        let strangers = try TestCertificates()
        let expired = try certificates.issue("old", valid: ("20200101000000Z", "20200201000000Z"))
        let elsewhere = try certificates.issue("other", for: ["DNS:cache.example", "IP:10.0.0.1"])
        let good = try certificates.issue("server")
        for (files, settings, words) in [
            (good, "ca=\(strangers.authority)", "nobody who is trusted"),
            (good, "", "nobody who is trusted"),
            (expired, "ca=\(certificates.authority)", "has expired"),
            (elsewhere, "ca=\(certificates.authority)", "not for the name"),
        ] {
            let server = try server(files)
            let error = #expect(throws: RedisError.self) { try connect(server, settings) }
            #expect(error?.code == .insecure && error?.isRetriable == false)
            #expect(error?.message.contains(words) == true, "\(error as Any)")
            #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
        }
        let server = try server(elsewhere)
        let named = try connect(server, "ca=\(certificates.authority)&name=cache.example")
        #expect(try named.run("PING") == .status("PONG"))
    }

    @Test("shows the client's certificate to a server that wants one")
    func clientCertificates() throws {
        let server = try server(certificates.issue("server"), asksClients: true)
        let ca = "ca=\(certificates.authority)"
        let ada = try certificates.issue("ada", for: ["DNS:ada"])
        let eve = try TestCertificates().issue("eve", for: ["DNS:eve"])
        let connection = try connect(server, "\(ca)&cert=\(ada.certificate)&key=\(ada.key)")
        #expect(try connection.run("PING") == .status("PONG"))
        for settings in [ca, "\(ca)&cert=\(eve.certificate)&key=\(eve.key)"] {
            let error = #expect(throws: RedisError.self) { try connect(server, settings) }
            // The server closes the connection behind its reason, which may be lost then.
            #expect(error?.code == .insecure || error?.code == .disconnected)
            #expect(error?.description.contains("certificate") == true, "\(error as Any)")
        }
        let error = #expect(throws: RedisError.self) {
            try connect(server, "\(ca)&cert=\(ada.certificate)&key=\(eve.key)")
        }
        #expect(error?.code == .badTLS && error?.message.contains(eve.key) == true)
    }

    @Test("is not spoken on a plain port, nor the other way round: both say so")
    func wrongPorts() throws {
        var timeouts = RedisConnection.Timeouts()
        timeouts.connect = .seconds(1)
        let plain = try RedisServer()
        let wanted = #expect(throws: RedisError.self) {
            try connect(plain, "ca=\(certificates.authority)", timeouts)
        }
        // What Redis answers depends on whether the random part of a greeting has an end of line.
        #expect([.timeout, .disconnected, .insecure].contains(wanted?.code))
        #expect(wanted?.description.contains("TLS") == true, "\(wanted as Any)")
        let secure = try server(certificates.issue("server"))
        let spoken = #expect(throws: RedisError.self) {
            try RedisConnection(RedisAddress(.host("127.0.0.1", port: secure.port)))
        }
        #expect(spoken?.description.contains("rediss://") == true, "\(spoken as Any)")
    }

    @Test("names a file that cannot be used")
    func badFiles() throws {
        let server = try server(certificates.issue("server"))
        let error = #expect(throws: RedisError.self) { try connect(server, "ca=/nowhere/ca.pem") }
        #expect(error?.code == .badTLS && error?.message.contains("/nowhere/ca.pem") == true)
    }

    @Test("ends when the server is killed")
    func killed() throws {
        let server = try server(certificates.issue("server"))
        let connection = try connect(server, "ca=\(certificates.authority)")
        server.kill()
        let error = #expect(throws: RedisError.self) { try connection.run("PING") }
        #expect(error?.code == .disconnected && connection.isBroken)
    }
}

import Foundation
import Redis
import Server
import Stores
import TLS
import TestSupport
import Testing

@Suite("Serving over TLS", .serialized)
struct TLSServingTests {
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates() }

    private func start(
        _ files: TestCertificates.Files, asksClients: Bool = false,
        service: any FeatureService = MemoryService()
    ) throws -> HTTPServer {
        let context = try TLSContext(
            serverWith: TLSIdentity(certificatePath: files.certificate, keyPath: files.key),
            clientsSignedBy: asksClients ? .file(path: certificates.authority) : nil)
        let server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 1, tls: context)
        try server.start { service }
        return server
    }

    private func stop(_ server: HTTPServer) throws {
        server.stop()
        server.stop()
        try server.wait()
    }

    /// What curl, which shares no code with the server, is answered.
    private func curl(_ server: HTTPServer, _ path: String, _ words: [String] = []) throws -> String
    {
        try JudgeProcess.run(
            "/usr/bin/curl",
            ["--silent", "--show-error", "--max-time", "20", "--cacert", certificates.authority]
                + words + ["https://localhost:\(server.address.port)\(path)"])
    }

    @Test("answers a client that checks the certificate; large answers and several on a connection")
    func answering() throws {
        let server = try start(certificates.issue("server"), service: MemoryService(copies: 50))
        #expect(try curl(server, "/health") == #"{"status":"ok"}"#)
        let ids = (0..<5000).map { "\($0 * 10)" }.joined(separator: ",")
        let body = #"{"feature_service":"doubling","entities":{"id":[\#(ids)]}}"#
        let answer = try curl(server, "/get-online-features", ["--data", body])
        let json = try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any]
        #expect((json?["results"] as? [Any])?.count == 51)
        let url = "https://localhost:\(server.address.port)/health"
        let twice = try curl(server, "/health", [url, url])
        #expect(twice == String(repeating: #"{"status":"ok"}"#, count: 3))
        try stop(server)
    }

    @Test("does not answer who speaks in the clear, or breaks the handshake off")
    func clear() throws {
        let server = try start(certificates.issue("server"))
        let plain = try LoopbackClient(server.address)
        try plain.send(get("/health"))
        #expect(!plain.rest().contains("HTTP/1.1"))
        let half = try LoopbackClient(server.address)
        try half.send([22, 3, 1, 2, 0, 1])
        half.resetOnClose()
        #expect(try curl(server, "/health") == #"{"status":"ok"}"#)
        try stop(server)
    }

    @Test("asks clients for a certificate when it is told to")
    func clients() throws {
        let server = try start(certificates.issue("server"), asksClients: true)
        #expect(throws: JudgeProcess.Failure.self) { try curl(server, "/health") }
        let client = try certificates.issue("client")
        let words = ["--cert", client.certificate, "--key", client.key]
        #expect(try curl(server, "/health", words) == #"{"status":"ok"}"#)
        let stranger = try TestCertificates().issue("stranger")
        #expect(throws: JudgeProcess.Failure.self) {
            try curl(server, "/health", ["--cert", stranger.certificate, "--key", stranger.key])
        }
        try stop(server)
    }

    @Test("shows another certificate to who connects after it was changed")
    func renewal() throws {
        let dates = (from: "20200101000000Z", to: "20200201000000Z")
        let server = try start(certificates.issue("expired", valid: dates))
        #expect(throws: JudgeProcess.Failure.self) { try curl(server, "/health") }
        let files = try certificates.issue("renewed")
        server.show(
            try TLSContext(
                serverWith: TLSIdentity(certificatePath: files.certificate, keyPath: files.key)))
        #expect(try curl(server, "/health") == #"{"status":"ok"}"#)
        try stop(server)
    }

    @Test("reads Redis over TLS, in large answers too, and through a restart")
    func redis() throws {
        let redis = try RedisServer(
            [
                "--appendonly", "yes",
            ],
            tls: .init(certificates.issue("redis"), authority: certificates.authority))
        var address = RedisAddress(.host("localhost", port: redis.port))
        address.tls = RedisTLS()
        address.tls?.authorities = .file(path: certificates.authority)
        let store = try RedisOnlineStore(address)
        try RedisService.fill(store, ids: 0..<5000, mark: 0)
        let server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 1)
        try server.start { RedisService(store: ServedStore(store)) }
        let client = try LoopbackClient(server.address)
        for count in [1, 100, 5000] {
            try client.send(RedisServing.request(0..<count))
            #expect(try client.answer().body.contains(RedisServing.expected(0..<count)))
        }
        redis.kill()
        try client.send(RedisServing.request(0..<5))
        #expect(try client.answer().status == 503)
        try redis.start()
        var status = 503
        let deadline = Date(timeIntervalSinceNow: 10)
        while status == 503, Date() < deadline {
            try client.send(RedisServing.request(0..<5))
            status = try client.answer().status
        }
        #expect(status == 200)
        try stop(server)
    }

    @Test("says why a Redis that is not whom it should be is not asked")
    func untrustedRedis() throws {
        let redis = try RedisServer(
            tls: .init(certificates.issue("redis"), authority: certificates.authority))
        var address = RedisAddress(.host("127.0.0.1", port: redis.port))
        address.tls = RedisTLS()
        address.tls?.authorities = .file(path: certificates.authority)
        let store = try RedisOnlineStore(address)
        let server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 1)
        try server.start { RedisService(store: ServedStore(store)) }
        redis.kill()
        let stranger = try TestCertificates()
        let impostor = try RedisServer(
            port: redis.port,
            tls: .init(stranger.issue("redis"), authority: stranger.authority))
        let client = try LoopbackClient(server.address)
        try client.send(RedisServing.request(0..<5))
        let answer = try client.answer()
        #expect(answer.status == 503)
        #expect(answer.body.contains("signed by nobody who is trusted here"))
        impostor.kill()
        try stop(server)
    }
}

import TLS
import TestSupport
import Testing

@Suite("A TLS session")
struct TLSSessionTests {
    private let certificates: TestCertificates
    private let server: TLSContext
    private let client: TLSContext

    init() throws {
        certificates = try TestCertificates()
        let files = try certificates.issue("server")
        server = try TLSContext(serverWith: files.identity)
        client = try TLSContext(clientTrusting: .file(path: certificates.authority))
    }

    @Test(
        "carries any bytes both ways, however the network cuts them",
        arguments: [1, 7, 1000, 16_384, Int.max])
    func bytes(pieceSize: Int) throws {
        let pair = try TLSPair(client, server, pieceSize: pieceSize)
        var generator = SeededGenerator(seed: 11)
        var question = (0..<20_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        // What is sent before both have agreed is kept until they have.
        try pair.client.send(question.span)
        pair.settle()
        #expect(pair.client.isEstablished && pair.server.isEstablished)
        #expect(pair.serverHeard == question)
        if pieceSize > 7 {
            for count in [0, 1, 16_384, 16_385, 300_000] {
                question = (0..<count).map { _ in .random(in: .min ... .max, using: &generator) }
                pair.clientHeard = []
                try pair.server.send(question.span)
                pair.settle()
                #expect(pair.clientHeard == question, "\(count) bytes")
            }
        }
        #expect(pair.clientFailure == nil && pair.serverFailure == nil)
    }

    @Test("shows nothing of what it carries")
    func secrecy() throws {
        let pair = try TLSPair(client, server)
        pair.settle()
        let secret = Array("the quick brown fox".utf8)
        try pair.client.send(secret.span)
        var wire: [UInt8] = []
        pair.client.takeOutgoing(into: &wire)
        #expect(wire.count > secret.count && wire.firstRange(of: secret) == nil)
        pair.giveServer(wire)
        #expect(pair.serverHeard == secret)
    }

    @Test("never gives out a byte that was changed on the way")
    func damage() throws {
        for position in [0, 3, 5, 12, 40, 60] {
            let pair = try TLSPair(client, server)
            pair.settle()
            try pair.client.send([UInt8](repeating: 7, count: 50).span)
            var wire: [UInt8] = []
            pair.client.takeOutgoing(into: &wire)
            wire[position] ^= 0x40
            pair.giveServer(wire)
            // A longer length leaves the session waiting for the rest of the record.
            #expect(pair.serverHeard.isEmpty, "byte \(position)")
            #expect(pair.serverFailure != nil || position == 3, "byte \(position)")
        }
    }

    @Test("tells that the other side has said its last word")
    func closing() throws {
        let pair = try TLSPair(client, server)
        pair.settle()
        try pair.server.send([1, 2, 3].span)
        pair.server.close()
        pair.settle()
        #expect(pair.clientHeard == [1, 2, 3])
        #expect(pair.client.isClosedByPeer && !pair.server.isClosedByPeer)
        #expect(pair.clientFailure == nil)
    }

    @Test("notices a side that speaks in the clear")
    func plainPeers() throws {
        let pair = try TLSPair(client, server)
        pair.giveServer(Array("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(pair.serverFailure?.code == .notTLS)
        pair.giveClient(Array("-ERR unknown command\r\n".utf8))
        #expect(pair.clientFailure?.code == .notTLS)
    }

    @Test(
        "believes a certificate for the name that was asked for alone",
        arguments: [
            ("localhost", true), ("127.0.0.1", true), ("LOCALHOST", true), ("127.0.0.2", false),
            ("::1", false), ("localhost.example", false), ("other", false),
        ])
    func names(name: String, isRight: Bool) throws {
        let pair = try TLSPair(client, server, name: name)
        pair.settle()
        #expect(pair.client.isEstablished == isRight)
        guard !isRight else { return }
        #expect(pair.clientFailure?.code == .untrusted)
        #expect(pair.clientFailure?.message.contains("not for the name") == true)
        // The other side is told.
        #expect(pair.serverFailure?.code == .refused)
    }

    @Test("refuses names that no server can have")
    func impossibleNames() {
        for name in ["", "a\0b"] {
            #expect(throws: TLSError.self) {
                _ = try TLSSession(client: client, serverName: name)
            }
        }
    }

    @Test("takes a wildcard for one label")
    func wildcards() throws {
        let files = try certificates.issue("wild", for: ["DNS:*.cache.example"])
        let server = try TLSContext(serverWith: files.identity)
        for (name, isRight) in [("a.cache.example", true), ("a.b.cache.example", false)] {
            let pair = try TLSPair(client, server, name: name)
            pair.settle()
            #expect(pair.client.isEstablished == isRight, "\(name)")
        }
    }

    @Test("refuses certificates of strangers, and of other times")
    func badCertificates() throws {
        let strangers = try TestCertificates()
        let cases = [
            (try strangers.issue("server"), "nobody who is trusted"),
            (
                try certificates.issue("old", valid: ("20200101000000Z", "20200201000000Z")),
                "has expired"
            ),
            (
                try certificates.issue("new", valid: ("20900101000000Z", "20900201000000Z")),
                "not valid yet"
            ),
        ]
        for (files, words) in cases {
            let pair = try TLSPair(client, try TLSContext(serverWith: files.identity))
            pair.settle()
            #expect(pair.clientFailure?.code == .untrusted)
            #expect(pair.clientFailure?.message.contains(words) == true, "\(words)")
            #expect(!pair.server.isEstablished && pair.serverHeard.isEmpty)
        }
        let trusting = try TLSContext(clientTrusting: .system)
        let pair = try TLSPair(trusting, server)
        pair.settle()
        #expect(pair.clientFailure?.code == .untrusted)
    }

    @Test("wants a certificate of clients where that is asked for")
    func clientCertificates() throws {
        let authorities = TLSAuthorities.file(path: certificates.authority)
        let asking = try TLSContext(
            serverWith: try certificates.issue("asking").identity, clientsSignedBy: authorities)
        let known = try certificates.issue("ada", for: ["DNS:ada"])
        let stranger = try TestCertificates().issue("eve", for: ["DNS:eve"])
        for (identity, isRight) in [
            (known.identity, true), (stranger.identity, false), (nil, false),
        ] {
            let context = try TLSContext(clientTrusting: authorities, identity: identity)
            let pair = try TLSPair(context, asking)
            pair.settle()
            #expect(pair.server.isEstablished == isRight)
            if !isRight {
                #expect(pair.serverFailure?.code == .untrusted)
                #expect(pair.clientFailure?.code == .refused, "\(pair.clientFailure as Any)")
            }
        }
    }
}

extension TestCertificates.Files {
    var identity: TLSIdentity { TLSIdentity(certificatePath: certificate, keyPath: key) }
}

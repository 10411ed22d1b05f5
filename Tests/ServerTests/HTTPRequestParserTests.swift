import Server
import TestSupport
import Testing

@Suite("HTTP request parser")
struct HTTPRequestParserTests {
    @Test("Forbidden requests are refused with their status, however the bytes are cut")
    func forbidden() {
        #expect(RequestCorpus.forbidden.count >= 51)
        for entry in RequestCorpus.forbidden {
            for parsed in readings(of: entry.text) {
                #expect(parsed.refusal?.status == entry.status, "\(entry.name): \(parsed)")
                #expect(parsed.requests.isEmpty, "\(entry.name): \(parsed)")
            }
        }
    }

    @Test("Legal requests are read alike, however the bytes are cut")
    func legal() {
        for entry in RequestCorpus.legal {
            for parsed in readings(of: entry.text) {
                #expect(parsed.requests == entry.requests, "\(entry.name): \(parsed)")
                #expect(parsed.refusal == nil, "\(entry.name): \(parsed)")
            }
        }
    }

    @Test("A part of a legal request is neither refused nor taken for a whole one")
    func prefixes() {
        for entry in RequestCorpus.legal where entry.requests.count == 1 {
            let bytes = [UInt8](entry.text.utf8)
            for count in 0..<bytes.count {
                let parsed = ParsedRequests([bytes[..<count]])
                #expect(parsed.refusal == nil, "\(entry.name) cut at \(count)")
                #expect(parsed.requests.isEmpty, "\(entry.name) cut at \(count)")
            }
        }
    }

    @Test("100-continue is asked for once, and only while the body has not begun")
    func continuation() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        let bytes = [UInt8](head.utf8)
        let waiting = ParsedRequests([bytes[...], [97], [98]])
        #expect(waiting.continues == 1)
        #expect(waiting.requests.count == 1)
        #expect(ParsedRequests(head + "a").continues == 0)
        #expect(ParsedRequests(head + "ab").continues == 0)
        let empty = head.replacing("Content-Length: 2", with: "Content-Length: 0")
        #expect(ParsedRequests(empty).continues == 0)
    }

    @Test("The phase tells which deadline holds")
    func phases() throws {
        var parser = HTTPRequestParser()
        var phases = [parser.phase]
        for piece in ["G", "ET / HTTP/1.1\r\n", "Host: a\r\nContent-Length: 1\r\n", "\r\n", "x"] {
            parser.append(piece.utf8)
            _ = try parser.next()
            phases.append(parser.phase)
        }
        #expect(phases == [.idle, .head, .head, .head, .body, .idle])
        #expect(parser.unusedCount == 0)
    }

    @Test("A refusal stays, whatever comes after it")
    func latch() {
        let parsed = ParsedRequests("G@T / HTTP/1.1\r\n\r\n")
        #expect(parsed.refusal?.status == .badRequest)
        let later = ParsedRequests([
            [UInt8]("\0".utf8)[...], [UInt8]("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...],
        ])
        #expect(later.requests.isEmpty)
    }

    @Test("A thousand pipelined requests come out one by one")
    func pipeline() {
        let one = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        let parsed = ParsedRequests(String(repeating: one, count: 1000))
        #expect(parsed.requests.count == 1000)
        #expect(Set(parsed.requests) == ["POST /p abc"])
    }

    @Test("The body has room behind it for a parser that reads ahead")
    func padding() throws {
        var parser = HTTPRequestParser()
        parser.append("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".utf8)
        guard case .request(let request) = try parser.next() else {
            Issue.record("no request")
            return
        }
        #expect(request.body.capacity >= request.body.count + HTTPRequest.paddingBytes)
    }

    /// Whole, byte by byte, and in 20 seeded random ways.
    private func readings(of text: String) -> [ParsedRequests] {
        let bytes = [UInt8](text.utf8)
        var generator = SeededGenerator(seed: 1)
        var readings = [
            ParsedRequests([bytes[...]]), ParsedRequests(bytes.indices.map { bytes[$0...$0] }),
        ]
        for _ in 0..<20 {
            readings.append(ParsedRequests(randomPieces(of: bytes, using: &generator)))
        }
        return readings
    }
}

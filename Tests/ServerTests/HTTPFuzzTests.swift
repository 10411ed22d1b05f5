import Foundation
import Server
import TestSupport
import Testing

@Suite("HTTP request parser under random bytes")
struct HTTPFuzzTests {
    private static let count = environment("ROOST_HTTP_CASES", default: 20_000)
    private static let seed = UInt64(environment("ROOST_HTTP_SEED", default: 1))

    @Test("Mutated requests never trap, and are read alike however they are cut")
    func cuts() {
        var requests = RandomRequests(seed: Self.seed)
        for index in 0..<Self.count {
            let bytes = requests.next()
            let whole = ParsedRequests([bytes[...]])
            let cut = ParsedRequests(requests.pieces(of: bytes))
            let isSame = whole.requests == cut.requests && whole.refusal == cut.refusal
            #expect(isSame, "seed \(Self.seed), case \(index): \(shown(bytes))")
        }
    }

    @Test("What is taken here, llhttp takes too, with the same method, target and body")
    func judged() throws {
        var requests = RandomRequests(seed: Self.seed &+ 1)
        let fixed = (RequestCorpus.legal.map(\.text) + RequestCorpus.forbidden.map(\.text))
            .map { [UInt8]($0.utf8) }
        let cases = fixed + (0..<Self.count / 2).map { _ in requests.next() }
        let verdicts = try LLHTTPVerdict.all(on: cases)
        #expect(verdicts.count == cases.count)
        var stricter = 0
        for (bytes, verdict) in zip(cases, verdicts) {
            let ours = ParsedRequests([bytes[...]])
            if ours.refusal != nil, verdict.isAccepted { stricter += 1 }
            if JustifiedDifference.allCases.contains(where: { $0.explains(bytes) }) { continue }
            let theirs = verdict.requests.prefix(ours.requests.count).map(\.description)
            let isSame = ours.requests == theirs
            #expect(isSame, "seed \(Self.seed): \(shown(bytes))\n\(ours)\n\(verdict)")
        }
        #expect(stricter > 0)
    }

    private func shown(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).debugDescription
    }

    private static func environment(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? value
    }
}

/// Where this parser takes what llhttp refuses, and why it is right to.
enum JustifiedDifference: CaseIterable {
    /// RFC 9110 section 2.5: a higher minor version is answered as the highest one known.
    case higherMinorVersion
    /// RFC 9112 section 7.1.1: blanks around the parts of a chunk extension are to be read.
    case blankInChunkExtension
    /// RFC 9110 section 5.5: a tab after a value is no part of it.
    case tabAfterCoding
    /// RFC 9112 section 9.3: `close` wins over `keep-alive`, whichever stands first.
    case closeAndKeepAlive

    func explains(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        switch self {
        case .higherMinorVersion:
            return (2...9).contains { text.contains("HTTP/1.\($0)\r\n") }
        case .blankInChunkExtension:
            return text.contains(/\r\n[0-9A-Fa-f]+[ \t]*;[^\r]*[ \t]|\r\n[0-9A-Fa-f]+[ \t]+;/)
        case .tabAfterCoding:
            return text.lowercased().contains("chunked\t")
        case .closeAndKeepAlive:
            let lower = text.lowercased()
            return lower.contains("close") && lower.contains("keep-alive")
        }
    }
}

/// What llhttp made of a run of bytes.
struct LLHTTPVerdict: Decodable, CustomStringConvertible {
    struct Request: Decodable, CustomStringConvertible {
        let method: String
        let target: String
        let body: String
        let keepsAlive: Bool

        var description: String { "\(keepsAlive ? "" : "!")\(method) \(target) \(body)" }
    }

    let requests: [Request]
    let error: String?

    var isAccepted: Bool { error == nil }
    var description: String { "llhttp: \(requests) \(error ?? "")" }

    static func all(on cases: [[UInt8]]) throws -> [LLHTTPVerdict] {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("requests-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let lines = cases.map { Data($0).base64EncodedString() }.joined(separator: "\n")
        try lines.write(to: file, atomically: true, encoding: .utf8)
        let output = try JudgeProcess.python("judge_http.py", [file.path])
        return try JSONDecoder().decode([LLHTTPVerdict].self, from: Data(output.utf8))
    }
}

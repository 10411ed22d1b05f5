/// `method SP request-target SP HTTP-version`, exactly (RFC 9112 section 3).
struct RequestLine {
    let method: HTTPMethod
    let target: RequestTarget
    let minorVersion: Int

    init(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard let methodEnd = line.firstIndex(of: ASCII.space),
            let targetEnd = line.lastIndex(of: ASCII.space), targetEnd > methodEnd
        else { throw Self.malformed(line) }
        let name = line[..<methodEnd]
        let target = line[(methodEnd + 1)..<targetEnd]
        guard !name.isEmpty, name.allSatisfy(ByteSet.token.contains), !target.isEmpty,
            target.allSatisfy({ $0 > 32 && $0 < 127 })
        else { throw Self.malformed(line) }
        minorVersion = try Self.minorVersion(line[(targetEnd + 1)...])
        guard let method = HTTPMethod(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw HTTPRefusal(.notImplemented, "there is no method '\(name.shown)' here")
        }
        self.method = method
        self.target = try RequestTarget(target, for: method)
    }

    /// `HTTP/1.x`: a higher minor version is answered as 1.1 (RFC 9110 section 2.5).
    private static func minorVersion(_ bytes: ArraySlice<UInt8>) throws(HTTPRefusal) -> Int {
        let prefix = [UInt8]("HTTP/".utf8)
        let digits = Array(bytes.dropFirst(prefix.count))
        guard bytes.starts(with: prefix), digits.count == 3, ASCII.isDigit(digits[0]),
            digits[1] == UInt8(ascii: "."), ASCII.isDigit(digits[2])
        else { throw HTTPRefusal(.badRequest, "'\(bytes.shown)' is no version: write HTTP/1.1") }
        guard digits[0] == UInt8(ascii: "1") else {
            throw HTTPRefusal(
                .httpVersionNotSupported, "\(bytes.shown) is not spoken here: use HTTP/1.1")
        }
        return Int(digits[2]) - 48
    }

    private static func malformed(_ line: ArraySlice<UInt8>) -> HTTPRefusal {
        HTTPRefusal(
            .badRequest, "'\(line.shown)' is no request line: write METHOD TARGET HTTP/1.1")
    }
}

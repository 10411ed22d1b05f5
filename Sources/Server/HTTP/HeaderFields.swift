/// What the header fields of a request say about its framing and its connection.
///
/// Only these decide where a request ends. Whatever two readers could read differently (RFC 9112
/// section 11.2, request smuggling) is refused, never repaired.
struct HeaderFields {
    private(set) var count = 0
    private var hosts = 0
    private var contentLength: Int?
    private var transferEncodings = 0
    private var closes = false
    private var asksToKeep = false
    private(set) var expectsContinue = false

    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// Splits `line` into name and value without blanks around it, or refuses it.
    static func split(
        _ line: ArraySlice<UInt8>
    ) throws(HTTPRefusal) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        guard let colon = line.firstIndex(of: ASCII.colon) else {
            throw HTTPRefusal(.badRequest, "the header line '\(line.shown)' has no colon")
        }
        let name = line[..<colon]
        let token = ByteSet.token
        guard !name.isEmpty, name.allSatisfy(token.contains) else {
            throw HTTPRefusal(.badRequest, "'\(name.shown)' is no name of a header field")
        }
        let value = line[(colon + 1)...].trimmed
        guard value.allSatisfy({ ($0 >= 32 && $0 != 127) || $0 == ASCII.tab }) else {
            throw HTTPRefusal(.badRequest, "the value of \(name.shown) holds a control character")
        }
        return (name, value)
    }

    /// Whether a field of that name decides where a request or a connection ends, or for whom
    /// the request is.
    static func frames(_ name: ArraySlice<UInt8>) -> Bool {
        name.equals(ignoringCase: "content-length")
            || name.equals(ignoringCase: "transfer-encoding")
            || name.equals(ignoringCase: "connection") || name.equals(ignoringCase: "host")
    }

    mutating func add(
        name: ArraySlice<UInt8>, value: ArraySlice<UInt8>
    ) throws(HTTPRefusal) {
        count += 1
        switch name.count {
        case 4 where name.equals(ignoringCase: "host"): try addHost(value)
        case 6 where name.equals(ignoringCase: "expect"): try addExpectation(value)
        case 10 where name.equals(ignoringCase: "connection"): addConnection(value)
        case 14 where name.equals(ignoringCase: "content-length"): try addLength(value)
        case 17 where name.equals(ignoringCase: "transfer-encoding"): try addEncoding(value)
        default: break
        }
    }

    /// Where the body ends, once all fields are added.
    func framing(minorVersion: Int) throws(HTTPRefusal) -> Framing {
        guard hosts == 1 || (hosts == 0 && minorVersion == 0) else {
            throw HTTPRefusal(.badRequest, "a request of HTTP/1.1 has exactly one Host field")
        }
        guard transferEncodings > 0 else { return contentLength.map(Framing.length) ?? .none }
        guard contentLength == nil else {
            throw HTTPRefusal(
                .badRequest, "Transfer-Encoding and Content-Length exclude each other")
        }
        guard minorVersion > 0 else {
            throw HTTPRefusal(.badRequest, "HTTP/1.0 knows no Transfer-Encoding")
        }
        return .chunked
    }

    func keepsAlive(minorVersion: Int) -> Bool {
        !closes && (minorVersion > 0 || asksToKeep)
    }

    private mutating func addHost(_ value: ArraySlice<UInt8>) throws(HTTPRefusal) {
        hosts += 1
        guard Authority(value) != nil else {
            throw HTTPRefusal(.badRequest, "Host '\(value.shown)' is no host with a port")
        }
    }

    private mutating func addExpectation(_ value: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard value.equals(ignoringCase: "100-continue") else {
            throw HTTPRefusal(
                .expectationFailed, "Expect '\(value.shown)' cannot be met: only 100-continue can")
        }
        expectsContinue = true
    }

    private mutating func addConnection(_ value: ArraySlice<UInt8>) {
        for option in value.split(separator: ASCII.comma).lazy.map(\.trimmed) {
            if option.equals(ignoringCase: "close") { closes = true }
            if option.equals(ignoringCase: "keep-alive") { asksToKeep = true }
        }
    }

    private mutating func addLength(_ value: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard contentLength == nil else {
            throw HTTPRefusal(.badRequest, "Content-Length stands twice")
        }
        guard !value.isEmpty, value.allSatisfy(ASCII.isDigit) else {
            throw HTTPRefusal(.badRequest, "Content-Length '\(value.shown)' is no whole number")
        }
        // Saturating, so that a length of any number of digits is simply too long.
        contentLength = value.reduce(0) { length, digit in
            let (tens, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit) - 48)
            return overflow || carry ? .max : sum
        }
    }

    private mutating func addEncoding(_ value: ArraySlice<UInt8>) throws(HTTPRefusal) {
        transferEncodings += 1
        if transferEncodings == 1, value.equals(ignoringCase: "chunked") { return }
        let codings = value.split(separator: ASCII.comma, omittingEmptySubsequences: false)
            .map(\.trimmed)
        let isFramed =
            transferEncodings == 1 && codings.last?.equals(ignoringCase: "chunked") == true
            && codings.dropLast().allSatisfy {
                !$0.isEmpty && $0.allSatisfy(ByteSet.token.contains)
                    && !$0.equals(ignoringCase: "chunked")
            }
        throw HTTPRefusal(
            isFramed ? .notImplemented : .badRequest,
            "Transfer-Encoding '\(value.shown)' is not taken: only 'chunked', once")
    }
}

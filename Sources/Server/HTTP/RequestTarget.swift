/// The request target of RFC 9112 section 3.2, in one of its four forms.
struct RequestTarget {
    let path: String
    let query: String?

    init(_ bytes: ArraySlice<UInt8>, for method: HTTPMethod) throws(HTTPRefusal) {
        if method == .connect {
            guard let authority = Authority(bytes), authority.port != nil, !authority.isNameless
            else { throw Self.refusal(bytes, "CONNECT takes host:port") }
            (path, query) = (String(decoding: bytes, as: UTF8.self), nil)
            return
        }
        if bytes.first == ASCII.slash {
            (path, query) = try Self.origin(bytes)
        } else if bytes.elementsEqual([UInt8(ascii: "*")]) {
            guard method == .options else { throw Self.refusal(bytes, "'*' is for OPTIONS only") }
            (path, query) = ("*", nil)
        } else {
            (path, query) = try Self.absolute(bytes, for: method)
        }
    }

    private static func origin(_ bytes: ArraySlice<UInt8>) throws(HTTPRefusal) -> (String, String?)
    {
        let mark = bytes.firstIndex(of: ASCII.questionMark)
        let path = bytes[..<(mark ?? bytes.endIndex)]
        let query = mark.map { bytes[($0 + 1)...] }
        guard isEncoded(path, within: .path), query.map({ isEncoded($0, within: .query) }) ?? true
        else { throw refusal(bytes, "percent-encode what is no character of a path or query") }
        return (
            String(decoding: path, as: UTF8.self), query.map { String(decoding: $0, as: UTF8.self) }
        )
    }

    /// `http://host[:port]/path?query`, which every server must take (RFC 9112 section 3.2.2).
    private static func absolute(
        _ bytes: ArraySlice<UInt8>, for method: HTTPMethod
    ) throws(HTTPRefusal) -> (String, String?) {
        let length = [7, 8].first { count in
            let scheme = bytes.prefix(count)
            return scheme.equals(ignoringCase: "http://") || scheme.equals(ignoringCase: "https://")
        }
        guard let length else { throw refusal(bytes, "begin it with '/' or http://") }
        let rest = bytes.dropFirst(length)
        let end = rest.firstIndex { $0 == ASCII.slash || $0 == ASCII.questionMark }
        let authority = Authority(rest[..<(end ?? rest.endIndex)])
        guard let authority, !authority.isNameless else { throw refusal(bytes, "it names no host") }
        guard let end else { return (method == .options ? "*" : "/", nil) }
        if rest[end] == ASCII.slash { return try origin(rest[end...]) }
        return ("/", try origin(rest[end...]).1)
    }

    private static func refusal(_ bytes: ArraySlice<UInt8>, _ remedy: String) -> HTTPRefusal {
        HTTPRefusal(.badRequest, "the request target '\(bytes.shown)' is malformed: \(remedy)")
    }
}

/// `host [ ":" port ]` of RFC 3986: the value of a Host field, or a part of a target.
struct Authority {
    /// The digits after the colon; nil without a colon.
    let port: ArraySlice<UInt8>?
    /// Whether the host is empty, as it may be in a Host field.
    let isNameless: Bool

    init?(_ bytes: ArraySlice<UInt8>) {
        var hostEnd = bytes.firstIndex(of: ASCII.colon) ?? bytes.endIndex
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let literal = bytes[(bytes.startIndex + 1)..<close]
            guard !literal.isEmpty, literal.allSatisfy(ByteSet.addressLiteral.contains) else {
                return nil
            }
            hostEnd = close + 1
        } else if !isEncoded(bytes[..<hostEnd], within: .registeredName) {
            return nil
        }
        isNameless = hostEnd == bytes.startIndex
        guard hostEnd < bytes.endIndex else {
            port = nil
            return
        }
        let digits = bytes[(hostEnd + 1)...]
        guard bytes[hostEnd] == ASCII.colon, digits.count <= 5, digits.allSatisfy(ASCII.isDigit)
        else { return nil }
        port = digits
    }
}

/// Whether `bytes` are bytes of `set` and whole percent-encoded ones.
private func isEncoded(_ bytes: ArraySlice<UInt8>, within set: ByteSet) -> Bool {
    var index = bytes.startIndex
    while index < bytes.endIndex {
        if bytes[index] == ASCII.percent {
            guard bytes.endIndex - index > 2, ASCII.hexValue(bytes[index + 1]) != nil,
                ASCII.hexValue(bytes[index + 2]) != nil
            else { return false }
            index += 3
        } else if set.contains(bytes[index]) {
            index += 1
        } else {
            return false
        }
    }
    return true
}

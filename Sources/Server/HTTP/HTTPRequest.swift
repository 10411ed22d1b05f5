/// A method of RFC 9110 or RFC 5789.
public enum HTTPMethod: String, CaseIterable, Hashable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case connect = "CONNECT"
    case options = "OPTIONS"
    case trace = "TRACE"
    case patch = "PATCH"
}

/// One whole request.
public struct HTTPRequest: Sendable {
    /// What is to be done.
    public var method: HTTPMethod
    /// The path of the target, percent-encoded as it came; `*` in asterisk-form, the authority in
    /// authority-form.
    public var path: String
    /// What follows the `?` of the target; nil without one.
    public var query: String?
    /// The minor number of the version: 0 for HTTP/1.0, 1 or more otherwise.
    public var minorVersion: Int
    /// Whether the connection may be used for another request.
    public var keepsAlive: Bool
    /// Whether the request has a body, be it of length 0.
    public var hasBody: Bool
    /// The decoded body. Its memory has room for `paddingBytes` more bytes, which a JSON parser
    /// may read (not use) beyond the end.
    public var body: [UInt8]

    /// See `body`.
    public static let paddingBytes = 64
}

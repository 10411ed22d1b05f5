/// Where a Redis server is and who asks.
///
/// `redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]`, `rediss://` for TLS, or
/// `unix://[USER[:PASSWORD]@]/PATH[?db=DATABASE]`. A name or password with one of `:/?#[]@%` in it
/// is written with `%` and two hexadecimal digits, as in every URL. Behind a `rediss://` address may
/// stand `?ca=FILE`, `cert=FILE` with `key=FILE`, and `name=HOST`, parted by `&`.
public struct RedisAddress: Hashable, Sendable {
    /// How the server is reached.
    public enum Place: Hashable, Sendable {
        /// A host's name or number, and a port.
        case host(String, port: UInt16)
        /// The path of a Unix socket.
        case socket(path: String)
    }

    /// The port of a server unless it is said otherwise.
    public static let defaultPort: UInt16 = 6379

    /// How the server is reached.
    public var place: Place
    /// How the connection is encrypted; nil for one in the clear.
    public var tls: RedisTLS?
    /// The user of the server's ACL; nil for its default user.
    public var user: String?
    /// The password; never shown.
    public var password: String?
    /// The number of the database.
    public var database = 0

    /// A server without TLS and password.
    public init(_ place: Place) { self.place = place }
}

extension RedisAddress: CustomStringConvertible {
    /// The address without user and password.
    public var description: String {
        let path = database == 0 ? "" : "/\(database)"
        switch place {
        case .host(let host, let port):
            let shown = host.contains(":") ? "[\(host)]" : host
            return "\(tls == nil ? "redis" : "rediss")://\(shown):\(port)\(path)"
        case .socket(let path):
            return "unix://\(path)\(database == 0 ? "" : "?db=\(database)")"
        }
    }
}

extension RedisAddress {
    /// Reads an address.
    ///
    /// - Throws: `badAddress` with what is wrong; it shows neither user nor password.
    public init(parsing text: String) throws(RedisError) {
        guard let colon = text.firstRange(of: "://") else { throw Self.bad("it has no scheme") }
        let scheme = text[..<colon.lowerBound]
        guard ["redis", "rediss", "unix"].contains(scheme) else {
            throw Self.bad("its scheme is '\(scheme)'")
        }
        var rest = text[colon.upperBound...]
        var credentials: Substring?
        if let at = rest.lastIndex(of: "@") {
            credentials = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        switch scheme {
        case "unix": try self.init(socket: rest)
        case "rediss": try self.init(secure: rest)
        default: try self.init(host: rest)
        }
        if let credentials { try take(credentials) }
    }

    private init(socket text: Substring) throws(RedisError) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        // The system's limit of a socket's path.
        guard parts[0].hasPrefix("/"), parts[0].utf8.count < 108 else {
            throw Self.bad("a socket needs an absolute path of at most 107 bytes")
        }
        self.init(.socket(path: String(parts[0])))
        guard parts.count == 2 else { return }
        guard parts[1].hasPrefix("db=") else { throw Self.bad("'?\(parts[1])' is not ?db=NUMBER") }
        database = try Self.database(parts[1].dropFirst(3))
    }

    private init(secure text: Substring) throws(RedisError) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        try self.init(host: parts[0])
        var settings: [Substring: String] = [:]
        for setting in parts.dropFirst().joined(separator: "").split(separator: "&") {
            let words = setting.split(separator: "=", maxSplits: 1)
            guard words.count == 2, settings[words[0]] == nil else {
                throw Self.bad("'\(setting)' is no setting, or stands there twice")
            }
            settings[words[0]] = try Self.decoded(words[1])
        }
        tls = try RedisTLS(settings)
    }

    private init(host text: Substring) throws(RedisError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var host = parts[0]
        var port = Self.defaultPort
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = UInt16(host[host.index(after: colon)...]), number > 0 else {
                throw Self.bad("'\(host[host.index(after: colon)...])' is no port")
            }
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, !host.contains("[") else { throw Self.bad("it has no host") }
        self.init(.host(String(host), port: port))
        if parts.count == 2, !parts[1].isEmpty { database = try Self.database(parts[1]) }
    }

    private mutating func take(_ credentials: Substring) throws(RedisError) {
        let parts = credentials.split(
            separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        user = parts[0].isEmpty ? nil : try Self.decoded(parts[0])
        password = parts.count == 2 ? try Self.decoded(parts[1]) : nil
        guard user == nil || password != nil else {
            throw Self.bad("it names a user without a password (USER:PASSWORD@)")
        }
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard let number = Int(text), (0..<1_000_000).contains(number) else {
            throw bad("'\(text)' is no number of a database")
        }
        return number
    }

    /// The text with `%41` and the like replaced by their bytes.
    private static func decoded(_ text: Substring) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16)
            else { throw bad("a '%' is not followed by two hexadecimal digits") }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func bad(_ reason: String) -> RedisError {
        RedisError(
            .badAddress, "the address of Redis cannot be read: \(reason)",
            hint: "write redis://HOST:PORT/DATABASE, rediss:// for TLS, or unix:///PATH")
    }
}

/// One answer of a server (RESP2).
public enum RedisReply: Hashable, Sendable {
    /// Such as OK.
    case status(String)
    /// Such as `WRONGTYPE Operation against a key ...`.
    case error(String)
    case integer(Int64)
    case bytes([UInt8])
    /// No value: a missing key, or a transaction that was given up.
    case null
    case array([RedisReply])
}

extension RedisReply {
    /// The words before a status or an error, without the text of the server.
    var kind: String {
        switch self {
        case .status: "a status"
        case .error: "an error"
        case .integer: "an integer"
        case .bytes: "a string"
        case .null: "null"
        case .array(let elements): "an array of \(elements.count)"
        }
    }

    /// The answer, unless it is an error.
    ///
    /// - Throws: the server's error, by its first word.
    public func checked() throws(RedisError) -> RedisReply {
        if case .error(let text) = self { throw RedisError(serverError: text) }
        return self
    }

    /// The string that it is, or nil for null.
    public func optionalBytes() throws(RedisError) -> [UInt8]? {
        switch try checked() {
        case .bytes(let bytes): return bytes
        case .null: return nil
        default: throw unexpected("a string")
        }
    }

    /// The number that it is.
    public func number() throws(RedisError) -> Int64 {
        guard case .integer(let number) = try checked() else { throw unexpected("an integer") }
        return number
    }

    /// The `count` elements of the array that it is; any number of them if `count` is nil.
    public func elements(_ count: Int? = nil) throws(RedisError) -> [RedisReply] {
        guard case .array(let elements) = try checked(), count ?? elements.count == elements.count
        else { throw unexpected(count.map { "an array of \($0)" } ?? "an array") }
        return elements
    }

    /// Succeeds for `OK` alone.
    public func confirm() throws(RedisError) {
        guard try checked() == .status("OK") else { throw unexpected("OK") }
    }

    private func unexpected(_ wanted: String) -> RedisError {
        RedisError(.protocolViolation, "Redis answered \(kind) where \(wanted) was expected")
    }
}

extension RedisError {
    /// The error that a server's text stands for. Texts begin with a code in capitals.
    init(serverError text: String) {
        // A transaction that was given up tells why behind its own code.
        if text.hasPrefix("EXECABORT"), let cause = text.firstRange(of: "NOPERM") {
            self.init(serverError: String(text[cause.lowerBound...]))
            return
        }
        switch text.split(separator: " ").first ?? "" {
        case "WRONGPASS", "NOAUTH", "NOPERM":
            self.init(
                .denied, "Redis refuses this user: \(text)",
                hint: "check user, password and rights in the store's address and in the ACL")
        case "OOM":
            self.init(
                .full, "Redis has no memory left: \(text)",
                hint: "raise maxmemory, or remove what does not belong there")
        case "MISCONF":
            self.init(
                .full, "Redis cannot write to its disk: \(text)",
                hint: "make room on the server's disk and look into its log")
        case "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN":
            self.init(.notReady, "Redis is not ready: \(text)", hint: "try again later")
        case "MOVED", "ASK":
            self.init(
                .moved, "Redis moved the key: \(text)",
                hint: "give the address of the cluster, not of one of its servers")
        case "READONLY":
            self.init(
                .notReady, "this Redis is a read-only replica: \(text)",
                hint: "give the address of the master")
        default: self.init(.refused, "Redis refuses: \(text)")
        }
    }
}

/// Why a Redis server does not do what it is asked.
public struct RedisError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The text is no address of a server.
        public static let badAddress = Code(name: "redis_bad_address")
        /// The server cannot be reached, or the connection broke: what was sent last may have been
        /// done or not.
        public static let disconnected = Code(name: "redis_disconnected")
        /// The server did not answer in time; as `disconnected`.
        public static let timeout = Code(name: "redis_timeout")
        /// The user, the password or a right is missing.
        public static let denied = Code(name: "redis_denied")
        /// The server's memory or disk is full.
        public static let full = Code(name: "redis_full")
        /// The server is loading its data, or is a replica.
        public static let notReady = Code(name: "redis_not_ready")
        /// Another server of the cluster has the key by now: nothing was done.
        public static let moved = Code(name: "redis_moved")
        /// The server is not who it should be, does not speak TLS, or refuses this client's
        /// certificate.
        public static let insecure = Code(name: "redis_insecure")
        /// A certificate or key of this side cannot be used.
        public static let badTLS = Code(name: "redis_bad_tls")
        /// The server is set up so that data could be lost.
        public static let unsafeSetup = Code(name: "redis_unsafe_setup")
        /// The server answered with an error.
        public static let refused = Code(name: "redis_refused")
        /// What came is not the protocol, or not the answer to what was asked.
        public static let protocolViolation = Code(name: "redis_protocol")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value; never a password.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whether the same may work a little later.
    public var isRetriable: Bool {
        [.disconnected, .timeout, .full, .notReady, .moved].contains(code)
    }

    /// Whether the connection is of no more use.
    var endsConnection: Bool {
        [.disconnected, .timeout, .protocolViolation, .insecure].contains(code)
    }
}

extension RedisError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

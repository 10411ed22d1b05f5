/// Why two sides cannot talk in secret.
public struct TLSError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// A file of certificates or a key cannot be used.
        public static let badFile = Code(name: "tls_bad_file")
        /// The other side's certificate does not prove who it is.
        public static let untrusted = Code(name: "tls_untrusted")
        /// The other side does not speak TLS.
        public static let notTLS = Code(name: "tls_not_spoken")
        /// The other side refuses this one.
        public static let refused = Code(name: "tls_refused")
        /// What came is not what was sent, or the library failed.
        public static let broken = Code(name: "tls_broken")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value; never a key.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension TLSError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

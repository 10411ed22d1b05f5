/// Why a stream processor stopped.
public struct StreamError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The sink has lost its checkpoint, or the log does not reach back to it.
        public static let lostPosition = Code(name: "stream_lost_position")
        /// What is live was built by other definitions.
        public static let outdated = Code(name: "stream_outdated")
        /// The view has no generation that rows could be folded into.
        public static let notMaterialized = Code(name: "stream_not_materialized")
        /// The source has no stream side, or the sink cannot take one.
        public static let notStreamed = Code(name: "stream_not_streamed")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value.
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

extension StreamError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

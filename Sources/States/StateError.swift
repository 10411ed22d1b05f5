/// Why the bytes of a state cannot be used.
public struct StateError: Error, Hashable, Sendable {
    /// The kinds of refusal; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// Bytes are no state of the view that reads them.
        public static let corrupt = Code(name: "corrupt_state")
    }

    /// The kind of refusal.
    public let code: Code
    /// What is wrong, where, and what to do about it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension StateError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension StateError {
    static func corrupt(view: String, _ what: String) -> StateError {
        StateError(
            .corrupt,
            "a state of the view '\(view)' is corrupt: \(what); materialize the view again")
    }
}

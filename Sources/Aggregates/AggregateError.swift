/// What the aggregates refuse.
public struct AggregateError: Error, Hashable, Sendable {
    /// The kinds of refusal; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// An aggregate does not take the type of its argument.
        public static let unsuitableArgument = Code(name: "unsuitable_argument")
        /// Bytes are not a state that this version writes.
        public static let corruptState = Code(name: "corrupt_state")
    }

    /// The kind of refusal.
    public var code: Code
    /// What is wrong, with the value that is wrong.
    public var message: String
    /// What to write or to do instead, if that is known.
    public var hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension AggregateError {
    static func corrupt(_ what: String, at offset: Int) -> AggregateError {
        AggregateError(
            .corruptState, "the state of an aggregate is corrupt at byte \(offset): \(what)",
            hint: "restore the state from a snapshot or rebuild the view")
    }
}

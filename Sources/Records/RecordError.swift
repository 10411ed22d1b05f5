/// Why there can be no record of a row.
public struct RecordError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// A value that neither JSON nor a record can hold.
        public static let unwritable = Code(name: "record_unwritable")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value.
    public let message: String
    /// What to do about it.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

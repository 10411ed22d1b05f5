/// Why training, a model package or a prediction failed.
public struct TrainerError: Error, Hashable, Sendable {
    /// The kinds of failure.
    public struct Code: Hashable, Sendable {
        /// A short stable name for `--json`.
        public let name: String

        /// XGBoost is not installed, or it reported an error.
        public static let library = Code(name: "library")
        /// The pipeline, the service or the command does not fit.
        public static let usage = Code(name: "usage")
        /// The rows cannot be trained on.
        public static let dataQuality = Code(name: "data_quality")
        /// A file of a model package is damaged or was changed.
        public static let corrupt = Code(name: "corrupt")
        /// The model needs something that the evaluator of this program does not have.
        public static let unsupported = Code(name: "unsupported")
        /// The model was trained on features other than those at hand.
        public static let mismatch = Code(name: "mismatch")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with the value that failed.
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

extension TrainerError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

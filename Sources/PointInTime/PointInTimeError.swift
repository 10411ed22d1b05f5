/// Why a point-in-time join cannot be made.
public struct PointInTimeError: Error, Sendable {
    /// The kinds of failure, for callers that react to them.
    public struct Code: Hashable, Sendable {
        /// The kind's name as it stands in machine-readable output.
        public let name: String

        /// A spine row has no asking time.
        public static let nullSpineTime = Code(name: "null_spine_time")
        /// A spine row asks later than a source's declared complete-to mark.
        public static let incompleteSource = Code(name: "incomplete_source")
        /// The lists of a feature hold more values than the engine can number.
        public static let tooManyValues = Code(name: "too_many_values")
        /// There are more rows than the engine can number.
        public static let tooManyRows = Code(name: "too_many_rows")
    }

    /// What kind of failure it is.
    public let code: Code
    /// What failed, with which value, and what to do about it.
    public let message: String
}

extension PointInTimeError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

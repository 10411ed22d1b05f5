/// Why an online store cannot do what it is asked.
public struct StoreError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// Another process, or another job of this one, is writing.
        public static let busy = Code(name: "store_busy")
        /// What is stored is not what this version writes.
        public static let corrupt = Code(name: "store_corrupt")
        /// The store has reached its greatest size.
        public static let full = Code(name: "store_full")
        /// The disk is full.
        public static let diskFull = Code(name: "disk_full")
        /// There is no store at the place.
        public static let missing = Code(name: "store_missing")
        /// The server cannot be reached, or is not ready.
        public static let unavailable = Code(name: "store_unavailable")
        /// The server refuses the user or the password.
        public static let denied = Code(name: "store_denied")
        /// The server is set up so that data could be lost.
        public static let unsafeSetup = Code(name: "store_unsafe_setup")
        /// The store was restored from an older copy: what it has was replaced before.
        public static let rolledBack = Code(name: "store_rolled_back")
        /// An interval overlaps one that is there.
        public static let overlap = Code(name: "store_overlap")
        /// The columns are not those that are there, nor more or wider ones.
        public static let schema = Code(name: "store_schema")
        /// The caller broke a rule of writing, such as the order of keys.
        public static let misuse = Code(name: "store_misuse")
        /// Any other failure of the system or the library.
        public static let failure = Code(name: "store_failure")
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

    /// Whether the same may work a little later.
    public var isRetriable: Bool {
        [.busy, .diskFull, .unavailable].contains(code)
    }
}

extension StoreError {
    /// A store that has `generation` as its live one again although it was replaced.
    package static func rolledBack(to generation: Generation) -> StoreError {
        StoreError(
            .rolledBack,
            "the online store has view '\(generation.view)' as of \(generation.cut), which was "
                + "replaced before: it was restored from an older copy, or failed over to one",
            hint: "run 'roost materialize \(generation.view) --at TIME --force'")
    }
}

extension StoreError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

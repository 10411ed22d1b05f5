public import States
public import Stores

/// Why a lookup cannot be answered.
public struct LookupError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The caller's rows lack a column or have one of another type.
        public static let badRequest = Code(name: "bad_request")
        /// A view has no states in the online store.
        public static let notMaterialized = Code(name: "not_materialized")
        /// The states in the online store were built from other definitions.
        public static let outdated = Code(name: "outdated")
        /// The online store, or a state in it, cannot be read.
        public static let store = Code(name: "store")
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

    /// A store that cannot be read.
    public init(_ error: StoreError) { self.init(.store, error.message, hint: error.hint) }

    /// A state that cannot be read.
    public init(_ error: StateError) { self.init(.store, error.message) }
}

extension LookupError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

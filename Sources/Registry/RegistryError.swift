/// Why the registry could not do what it was asked for.
public struct RegistryError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The operating system failed, as on a full disk.
        public static let io = Code(name: "io")
        /// The file cannot be opened or written by this user.
        public static let denied = Code(name: "denied")
        /// The file is damaged, or holds what no registry can hold.
        public static let corrupt = Code(name: "corrupt")
        /// The file is no registry.
        public static let foreign = Code(name: "foreign")
        /// A later release of Roost wrote the file.
        public static let newerSchema = Code(name: "newer_schema")
        /// Another process holds the registry.
        public static let busy = Code(name: "busy")
        /// Somebody else was faster: what was expected to be there is not.
        public static let conflict = Code(name: "conflict")
        /// The registry has nothing of this name or identity.
        public static let unknown = Code(name: "unknown")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with the value that failed.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// Whether the same may succeed at the next try.
    public var isRetriable: Bool { code == .busy || code == .io || code == .conflict }

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension RegistryError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

/// Why the lake could not do what it was asked for.
public struct LakeError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The operating system failed, as on a full disk.
        public static let io = Code(name: "io")
        /// A file of the lake is damaged or missing.
        public static let corrupt = Code(name: "corrupt")
        /// Another process is writing.
        public static let busy = Code(name: "busy")
        /// An interval overlaps one that is there.
        public static let overlap = Code(name: "overlap")
        /// The columns are not those that are there, nor more or wider ones.
        public static let schema = Code(name: "schema")
        /// A name that cannot be a folder.
        public static let name = Code(name: "name")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with the value that failed.
    public let message: String
    /// What to do about it.
    public let hint: String?
    /// Whether the same may succeed at the next try.
    public var isRetriable: Bool { code == .busy || code == .io }

    /// Whether there was no room for what was to be written.
    var isLackOfRoom: Bool { code == .io && LakeFiles.isLackOfRoom(message) }

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension LakeError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension LakeError {
    static func corrupt(_ path: String, _ reason: String) -> LakeError {
        LakeError(
            .corrupt, "\(path) \(reason)",
            hint: "restore it from a copy, or remove the source's folder and materialize again")
    }
}

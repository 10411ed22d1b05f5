/// Why a job stopped.
public struct JobError: Error, Hashable, Sendable {
    /// The kinds of failure, each with the exit code that schedulers act on.
    public struct Code: Hashable, Sendable {
        /// A short stable name for `--json`.
        public let name: String
        /// The exit code of the command.
        public let exitCode: Int32

        /// The command or a definition is wrong: nothing about the data can mend it.
        public static let usage = Code(name: "usage", exitCode: 2)
        /// The data breaks a rule that the definitions state.
        public static let dataQuality = Code(name: "data_quality", exitCode: 20)
        /// Something outside, such as a full disk, may be gone at the next try.
        public static let tryAgain = Code(name: "try_again", exitCode: 75)
        /// The same was done before; the output stands.
        public static let nothingToDo = Code(name: "nothing_to_do", exitCode: 99)
        /// Input that cannot be read, or any other failure.
        public static let failure = Code(name: "failure", exitCode: 1)
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

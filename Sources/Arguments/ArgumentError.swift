/// Why a command line was refused.
public struct ArgumentError: Error, Hashable, Sendable {
    /// What is wrong, with the word that is wrong.
    public let message: String
    /// What to write instead, or which help to read.
    public let hint: String

    /// Makes an error.
    public init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}

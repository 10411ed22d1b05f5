/// Why a server cannot start.
public struct ServerError: Error, Hashable, Sendable {
    /// What kind of error it is.
    public enum Code: Hashable, Sendable {
        /// The address is none.
        case badAddress
        /// The address belongs to somebody else.
        case addressInUse
        /// The system refuses.
        case system
    }

    /// What kind of error it is.
    public let code: Code
    /// What failed, with which value, and what to do.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

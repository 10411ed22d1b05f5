/// Why bytes from the network are no request that this server takes; the connection ends with it.
public struct HTTPRefusal: Error, Hashable, Sendable {
    /// The status to answer with.
    public let status: HTTPStatus
    /// What is wrong and what is expected, for the body of the answer.
    public let message: String

    /// Makes a refusal.
    public init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

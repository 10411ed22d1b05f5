public import Values

/// How long and how much a client may take, and how many there may be.
public struct ServerLimits: Hashable, Sendable {
    /// What a request may have.
    public var http = HTTPLimits()
    /// Connections of one loop; one more is answered with 503 and closed.
    public var connections = 4096
    /// From the first byte of a request to the end of its head; however often bytes come.
    public var headTime = EventDuration(microseconds: 10_000_000)
    /// From the end of the head to the end of the body.
    public var bodyTime = EventDuration(microseconds: 30_000_000)
    /// Between requests.
    public var idleTime = EventDuration(microseconds: 60_000_000)
    /// For the client to take the answers it was sent.
    public var sendTime = EventDuration(microseconds: 30_000_000)
    /// For the client to close after the last answer.
    public var lingerTime = EventDuration(microseconds: 2_000_000)
    /// For requests that are under way when the server is told to stop.
    public var drainTime = EventDuration(microseconds: 10_000_000)
    /// For a server that states are read from to answer.
    public var storeTime = EventDuration(microseconds: 1_000_000)
    /// Requests of one loop that wait for such a server; one more is answered with 503.
    public var storeRequests = 1024
    /// Bytes of answers to pipelined requests that are collected before they are sent.
    public var answerBatch = 256 * 1024
    /// Entities of one request.
    public var entities = 10_000

    /// The limits stated in `docs/serving.md`.
    public init() {}
}

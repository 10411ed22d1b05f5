/// How much of a request is read before it is refused.
public struct HTTPLimits: Hashable, Sendable {
    /// Bytes of the request line without its end: beyond it 414.
    public var requestLine = 8 * 1024
    /// Bytes of the request line and all header fields together, or of all trailers: beyond it 431.
    public var head = 16 * 1024
    /// Header fields, or trailers: beyond it 431.
    public var fields = 100
    /// Bytes of the body after decoding: beyond it 413.
    public var body = 4 * 1024 * 1024
    /// Bytes of one line with a chunk's size and extensions: beyond it 400.
    public var chunkLine = 256
    /// Bytes of all chunk extensions of a request together: beyond it 400.
    public var chunkExtensions = 4 * 1024

    /// The limits stated in `docs/serving.md`.
    public init() {}
}

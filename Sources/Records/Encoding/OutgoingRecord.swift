/// A record that is to be sent.
public struct OutgoingRecord: Sendable {
    /// A name and a value beside the content.
    public typealias Header = (name: String, value: [UInt8])

    /// Its key, if it has one.
    public var key: [UInt8]?
    /// Its value: one JSON object.
    public var value: [UInt8]
    /// Milliseconds since the Unix epoch, above 0; nil for the time of sending.
    public var timestamp: Int64?
    /// Its headers.
    public var headers: [Header]
}

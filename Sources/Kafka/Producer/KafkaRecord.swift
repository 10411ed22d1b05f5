/// A row that is to be sent.
public struct KafkaRecord: Sendable {
    /// A name and a value beside the content.
    public typealias Header = (name: String, value: [UInt8])

    /// The topic.
    public var topic: String
    /// The partition; nil lets the key decide.
    public var partition: Int32?
    /// Rows of one key go to one partition; nil for any.
    public var key: [UInt8]?
    /// The content; nil deletes what the key stands for.
    public var value: [UInt8]?
    /// When it happened, in milliseconds since the Unix epoch; nil for the time of sending.
    public var timestamp: Int64?
    /// What stands beside the content, in order.
    public var headers: [Header]

    /// Makes a row.
    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?,
        timestamp: Int64? = nil, headers: [Header] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.headers = headers
    }
}

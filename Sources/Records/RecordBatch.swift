/// Records of one partition of a topic, in order of their offsets, as they came from the broker.
///
/// Keys and values lie in one block of bytes each, so that a batch of thousands is a few
/// allocations.
public struct RecordBatch: Sendable {
    /// The number of the partition.
    public let partition: Int32
    /// The place of each record; ascending, with gaps where the log has none.
    public private(set) var offsets: [Int64] = []
    /// When each record was made or taken, microseconds since the Unix epoch; nil when the topic
    /// keeps no times.
    public private(set) var timestamps: [Int64?] = []
    private var keys = ByteStrings()
    private var values = ByteStrings()
    private var headers: [[(name: String, value: [UInt8])]] = []
    /// Which headers are kept.
    public let headerNames: [String]

    /// Starts without records.
    ///
    /// - Parameters:
    ///   - partition: whose records.
    ///   - headerNames: the headers that are kept.
    public init(partition: Int32, headerNames: [String] = []) {
        self.partition = partition
        self.headerNames = headerNames
    }

    /// How many records there are.
    public var count: Int { offsets.count }

    /// Adds a record behind the others.
    ///
    /// - Parameters:
    ///   - offset: its place, greater than those before.
    ///   - timestamp: microseconds since the Unix epoch.
    ///   - key: its key, if it has one.
    ///   - value: its value; nil for a deletion.
    ///   - headers: its headers.
    public mutating func append(
        offset: Int64, timestamp: Int64?, key: Span<UInt8>?, value: Span<UInt8>?,
        headers: [(name: String, value: [UInt8])] = []
    ) {
        offsets.append(offset)
        timestamps.append(timestamp)
        keys.append(key)
        values.append(value)
        if !headerNames.isEmpty {
            self.headers.append(headers.filter { headerNames.contains($0.name) })
        }
    }

    /// The key of record `index`; nil when it has none.
    public func key(at index: Int) -> ArraySlice<UInt8>? { keys[index] }

    /// Calls `body` with the value of record `index`, behind which a JSON parser may read its
    /// padding; nil for a deletion. The bytes must not escape.
    func withPaddedValue<Value>(
        at index: Int, _ body: (UnsafeBufferPointer<UInt8>?) -> Value
    ) -> Value {
        unsafe values.withPaddedBytes(at: index, body)
    }

    /// The value of record `index`; nil for a deletion.
    public func value(at index: Int) -> ArraySlice<UInt8>? { values[index] }

    /// The value of the last header `name` of record `index`.
    public func header(_ name: String, at index: Int) -> [UInt8]? {
        headers.isEmpty ? nil : headers[index].last { $0.name == name }?.value
    }
}

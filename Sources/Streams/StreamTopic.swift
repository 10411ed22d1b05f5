public import Kafka
public import Values

/// What is known of a topic without reading it.
public final class StreamTopic {
    /// The topic's name.
    public let name: String
    private let consumer: KafkaConsumer

    /// Asks about `name`.
    ///
    /// - Throws: `KafkaError` for settings that are none.
    public init(_ settings: KafkaSettings, name: String) throws(KafkaError) {
        self.name = name
        consumer = try KafkaConsumer(settings, group: "roost.asking")
    }

    /// How many partitions it has.
    ///
    /// - Throws: `unknownTopic`, `unavailable`.
    public func partitionCount() throws(KafkaError) -> Int {
        try consumer.partitions(of: name).count
    }

    /// The first offset of each of its first `count` partitions, and the one that their next record
    /// will get.
    public func bounds(partitions count: Int) throws(KafkaError) -> [Range<Int64>] {
        var bounds: [Range<Int64>] = []
        for partition in 0..<Int32(count) {
            bounds.append(try consumer.bounds(of: TopicPartition(name, partition)))
        }
        return bounds
    }

    /// When the first record that a partition still has was made or taken.
    ///
    /// - Parameters:
    ///   - partition: the partition.
    ///   - bounds: its bounds.
    /// - Returns: nil when it has none, or keeps no times.
    /// - Throws: `unavailable` when none comes within some seconds.
    public func firstTime(
        of partition: Int32, within bounds: Range<Int64>
    ) throws(KafkaError) -> EventTime? {
        if bounds.isEmpty { return nil }
        try consumer.start([TopicPartition(name, partition): bounds.lowerBound])
        for _ in 0..<10 {
            guard case .messages(let batch) = try consumer.poll(greatest: 1, milliseconds: 1000)
            else { continue }
            var time: EventTime?
            batch.forEach { message in
                time = message.timestamp.map { EventTime(microseconds: $0 * 1000) }
            }
            return time
        }
        throw KafkaError(.unavailable, "the first record of \(name)/\(partition) does not come")
    }
}

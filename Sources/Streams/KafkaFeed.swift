public import Kafka
import Records

/// The records of a Kafka topic, for one member of a consumer group.
public final class KafkaFeed: RecordFeed {
    private let consumer: KafkaConsumer
    private let topic: String
    private let headerNames: [String]
    private let greatestCount: Int
    private let linger: Duration

    /// Joins the group.
    ///
    /// - Parameters:
    ///   - settings: how brokers are reached.
    ///   - topic: what is read.
    ///   - group: the group whose members share its partitions.
    ///   - headerNames: the headers that are wanted.
    ///   - greatestCount: at most so many records come at once.
    ///   - linger: how long records are collected once the first is there; the longer, the fewer and
    ///     larger the batches.
    /// - Throws: `KafkaError`.
    public init(
        _ settings: KafkaSettings, topic: String, group: String, headerNames: [String] = [],
        greatestCount: Int = 10_000, linger: Duration = .zero
    ) throws(KafkaError) {
        consumer = try KafkaConsumer(settings, group: group)
        self.topic = topic
        self.headerNames = headerNames
        self.greatestCount = greatestCount
        self.linger = linger
        try consumer.subscribe([topic])
    }

    /// Waits for what comes next; see `RecordFeed`.
    ///
    /// The client's call waits until it has as many records as it may give, so the first one is waited
    /// for alone and the others are taken as they are there.
    public func poll(milliseconds: Int32) throws -> FeedEvent {
        var batches = RecordBatches(headerNames: headerNames)
        switch try consumer.poll(greatest: 1, milliseconds: milliseconds) {
        case .messages(let messages): batches.append(messages)
        case .assigned(let partitions): return .assigned(partitions.map(\.partition))
        case .revoked(let partitions): return .revoked(partitions.map(\.partition))
        case .nothing: return .nothing
        }
        let deadline = ContinuousClock.now + linger
        repeat {
            let rest = deadline - .now
            let wait = max(0, min(Int32(milliseconds), Int32(rest / .milliseconds(1))))
            guard
                let messages = try consumer.take(
                    greatest: greatestCount - batches.count, milliseconds: wait)
            else { break }
            batches.append(messages)
        } while batches.count < greatestCount && ContinuousClock.now < deadline
        return .records(batches.all)
    }

    /// Reads these partitions and no others from these offsets on.
    public func start(_ positions: [Int32: Int64]) throws {
        try consumer.start(
            Dictionary(
                uniqueKeysWithValues: positions.map { (TopicPartition(topic, $0.key), $0.value) }))
    }

    /// Goes on reading one partition at another offset.
    public func seek(_ partition: Int32, to offset: Int64) throws {
        try consumer.seek(TopicPartition(topic, partition), to: offset)
    }

    /// The first offset that a partition has, and the one that its next record will get.
    public func bounds(of partition: Int32) throws -> Range<Int64> {
        try consumer.bounds(of: TopicPartition(topic, partition))
    }

    /// How many partitions the topic has.
    public func partitionCount() throws -> Int { try consumer.partitions(of: topic).count }

    /// Tells Kafka how far the group is.
    public func report(_ positions: [Int32: Int64]) throws {
        try consumer.report(
            Dictionary(
                uniqueKeysWithValues: positions.map { (TopicPartition(topic, $0.key), $0.value) }))
    }

    /// Leaves the group and joins it again.
    public func rejoin() throws {
        try consumer.leave()
        try consumer.subscribe([topic])
    }
}

/// Messages as one batch for each partition.
private struct RecordBatches {
    let headerNames: [String]
    private(set) var all: [RecordBatch] = []
    private(set) var count = 0
    private var places: [Int32: Int] = [:]

    init(headerNames: [String]) { self.headerNames = headerNames }

    mutating func append(_ messages: KafkaBatch) {
        count += messages.count
        messages.forEach { message in
            let partition = message.partition
            let place = places[partition] ?? all.count
            if place == all.count {
                places[partition] = place
                all.append(RecordBatch(partition: partition, headerNames: headerNames))
            }
            all[place].append(message)
        }
    }
}

extension RecordBatch {
    fileprivate mutating func append(_ message: borrowing KafkaMessage) {
        let headers = headerNames.compactMap { name in
            message.header(name).map { (name: name, value: $0) }
        }
        let offset = message.offset
        let timestamp = message.timestamp.map { $0 * 1000 }
        let hasValue = !message.isDeletion
        message.withValue { value in
            let appended: Void? = message.withKey { key in
                append(
                    offset: offset, timestamp: timestamp, key: key, value: hasValue ? value : nil,
                    headers: headers)
            }
            if appended == nil {
                append(
                    offset: offset, timestamp: timestamp, key: nil, value: hasValue ? value : nil,
                    headers: headers)
            }
        }
    }
}

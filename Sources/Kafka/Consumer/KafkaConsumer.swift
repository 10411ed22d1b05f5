import CRdKafka

// One consumer has one thread: librdkafka's own threads fetch and keep the group alive, and
// everything that it wants to say is said inside a call of ours.

/// Reads partitions of topics, those that its group gives to it or those that it is told.
///
/// Where it reads on is the caller's to say: nothing is read from where Kafka thinks that the group
/// was, and a position that the log does not have is an error, never a jump.
@safe
public final class KafkaConsumer {
    /// What a call of `poll` brought.
    public enum Event {
        /// Messages, in order for each partition.
        case messages(KafkaBatch)
        /// The group gives these partitions: call `start` with the positions to read from.
        case assigned([TopicPartition])
        /// The group has taken these partitions away.
        case revoked([TopicPartition])
        /// Nothing within the time.
        case nothing
    }

    private let client: OpaquePointer
    private let queue: OpaquePointer
    private let inbox = RDKafkaInbox()
    private let description: String

    /// What consumers need so that our guarantees hold.
    package static let fixed = [
        "enable.auto.commit": "false", "enable.auto.offset.store": "false",
        "auto.offset.reset": "error", "enable.partition.eof": "false",
        "partition.assignment.strategy": "range,roundrobin", "allow.auto.create.topics": "false",
    ]
    /// Bounds of what is fetched ahead, and of how long a broker waits for more. Partitions of a killed
    /// worker are another's after the session's time, which is how stale its features can get.
    private static let defaults = [
        "queued.max.messages.kbytes": "16384", "queued.min.messages": "20000",
        "fetch.wait.max.ms": "100", "check.crcs": "true",
        "session.timeout.ms": "6000", "heartbeat.interval.ms": "1500",
    ]

    /// Makes a consumer; brokers are looked for in the background.
    ///
    /// - Parameters:
    ///   - settings: how brokers are reached.
    ///   - group: the group whose members share partitions.
    /// - Throws: `badSetting`.
    public init(_ settings: KafkaSettings, group: String) throws(KafkaError) {
        description = settings.description
        let settings = settings.withDefaults(Self.defaults)
            .withFixed(Self.fixed.merging(["group.id": group]) { own, _ in own })
        let conf = try RDKafkaConf(settings)
        conf.setHandlers(inbox, isConsumer: true)
        unsafe client = try conf.client(RD_KAFKA_CONSUMER)
        unsafe rd_kafka_poll_set_consumer(client)
        unsafe queue = rd_kafka_queue_get_consumer(client)
    }

    deinit {
        unsafe rd_kafka_queue_destroy(queue)
        unsafe rd_kafka_consumer_close(client)
        unsafe rd_kafka_destroy(client)
    }

    /// Joins the group for all partitions of `topics`; `poll` tells which it gets.
    public func subscribe(_ topics: [String]) throws(KafkaError) {
        let list = RDKafkaPartitions(topics: topics)
        try check(
            unsafe rd_kafka_subscribe(client, list.pointer),
            "cannot subscribe to \(topics.joined(separator: ", "))")
    }

    /// Leaves the group.
    public func leave() throws(KafkaError) {
        try check(unsafe rd_kafka_unsubscribe(client), "cannot leave the group")
    }

    /// Reads these partitions and no others from these offsets on.
    public func start(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        let list = RDKafkaPartitions(positions)
        try check(
            unsafe rd_kafka_assign(client, list.pointer),
            "cannot read \(positions.keys.sorted().map(\.description).joined(separator: ", "))")
    }

    /// Goes on reading one partition at another offset; what was fetched of it is forgotten.
    public func seek(_ partition: TopicPartition, to offset: Int64) throws(KafkaError) {
        let list = RDKafkaPartitions([partition: offset])
        let error = unsafe rd_kafka_seek_partitions(client, list.pointer, 10_000)
        guard let error = unsafe error else { return }
        let code = unsafe rd_kafka_error_code(error)
        unsafe rd_kafka_error_destroy(error)
        throw failure(code, "cannot read \(partition) from \(offset)")
    }

    /// Waits for what comes next.
    ///
    /// - Parameters:
    ///   - greatest: at most so many messages.
    ///   - milliseconds: at most so long.
    /// - Returns: what came; what the group decided comes before messages.
    /// - Throws: `outsideLog` with the partition, and what the brokers refuse.
    public func poll(greatest: Int, milliseconds: Int32) throws(KafkaError) -> Event {
        if let event = rebalance() { return event }
        let batch = unsafe KafkaBatch(
            taking: greatest, from: queue, waiting: milliseconds)
        try checkErrors(batch)
        if batch.count > 0 { return .messages(batch) }
        return rebalance() ?? .nothing
    }

    /// Takes the messages that follow on those of `poll`, unless the group has decided something.
    ///
    /// - Parameters:
    ///   - greatest: at most so many.
    ///   - milliseconds: at most so long; it ends early only when there are as many.
    /// - Returns: nil when there is something else to hear first.
    /// - Throws: as `poll` does.
    public func take(greatest: Int, milliseconds: Int32) throws(KafkaError) -> KafkaBatch? {
        guard !inbox.hasRebalance else { return nil }
        let batch = unsafe KafkaBatch(taking: greatest, from: queue, waiting: milliseconds)
        try checkErrors(batch)
        return batch
    }

    /// The first offset that the log has, and the one that the next row will get.
    ///
    /// - Throws: `unavailable` when the broker does not answer within the time.
    public func bounds(
        of partition: TopicPartition, milliseconds: Int32 = 10_000
    ) throws(KafkaError) -> Range<Int64> {
        var (low, high): (Int64, Int64) = (0, 0)
        try check(
            unsafe rd_kafka_query_watermark_offsets(
                client, partition.topic, partition.partition, &low, &high, milliseconds),
            "cannot ask for the bounds of \(partition)")
        return low..<max(low, high)
    }

    /// The numbers of a topic's partitions.
    ///
    /// - Throws: `unknownTopic`, `unavailable`.
    public func partitions(
        of topic: String, milliseconds: Int32 = 10_000
    ) throws(KafkaError) -> [TopicPartition] {
        let what = "cannot ask for the topic '\(topic)'"
        let handle = unsafe rd_kafka_topic_new(client, topic, nil)
        guard let handle = unsafe handle else { throw failure(rd_kafka_last_error(), what) }
        defer { unsafe rd_kafka_topic_destroy(handle) }
        var answer: UnsafePointer<rd_kafka_metadata>?
        try check(unsafe rd_kafka_metadata(client, 0, handle, &answer, milliseconds), what)
        defer { unsafe rd_kafka_metadata_destroy(answer) }
        guard let metadata = unsafe answer?.pointee, unsafe metadata.topic_cnt > 0 else {
            throw failure(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, what)
        }
        let found = unsafe metadata.topics[0]
        try check(unsafe found.err, what)
        return unsafe (0..<Int(found.partition_cnt)).map {
            unsafe TopicPartition(topic, found.partitions[$0].id)
        }.sorted()
    }

    /// Tells Kafka how far the group has come: for tools that show lag, and for nothing else.
    public func report(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        let list = RDKafkaPartitions(positions)
        try check(
            unsafe rd_kafka_commit(client, list.pointer, 1), "cannot report the positions")
    }

    private func rebalance() -> Event? {
        switch inbox.nextRebalance() {
        case .assigned(let partitions): return .assigned(partitions)
        case .revoked(let partitions): return .revoked(partitions)
        case nil: return nil
        }
    }

    private func checkErrors(_ batch: KafkaBatch) throws(KafkaError) {
        if let fatal = inbox.fatal { throw fatal }
        if let (code, partition) = batch.failure {
            throw failure(code, "cannot read \(partition.map(\.description) ?? "on")")
        }
    }

    private func check(_ code: rd_kafka_resp_err_t, _ what: String) throws(KafkaError) {
        if code.rawValue != 0 { throw failure(code, what) }
    }

    private func failure(_ code: rd_kafka_resp_err_t, _ what: String) -> KafkaError {
        KafkaError(code, "\(description): \(what)")
    }
}

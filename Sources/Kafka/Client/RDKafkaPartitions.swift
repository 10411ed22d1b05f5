import CRdKafka

/// librdkafka's list of partitions with a position each, freed when it goes.
@safe
struct RDKafkaPartitions: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ positions: [TopicPartition: Int64]) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(positions.count))
        for (partition, offset) in positions.sorted(by: { $0.key < $1.key }) {
            let element = unsafe rd_kafka_topic_partition_list_add(
                pointer, partition.topic, partition.partition)
            unsafe element?.pointee.offset = offset
        }
    }

    /// Topics as a subscription wants them: without partitions.
    init(topics: [String]) {
        self.init(
            Dictionary(
                topics.map { (TopicPartition($0, RD_KAFKA_PARTITION_UA), RD_KAFKA_OFFSET_INVALID) }
            ) { first, _ in first })
    }

    deinit { unsafe rd_kafka_topic_partition_list_destroy(pointer) }

    /// The partitions and positions of a list.
    static func read(
        _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) -> [TopicPartition: Int64] {
        guard let list = unsafe list?.pointee else { return [:] }
        var positions: [TopicPartition: Int64] = [:]
        for index in 0..<Int(unsafe list.cnt) {
            let element = unsafe list.elems[index]
            let topic = unsafe String(cString: element.topic)
            unsafe positions[TopicPartition(topic, element.partition)] = element.offset
        }
        return positions
    }
}

/// librdkafka's numbers that are macros and are not imported.
let RD_KAFKA_PARTITION_UA: Int32 = -1
let RD_KAFKA_OFFSET_INVALID: Int64 = -1001

import CRdKafka

/// A Kafka cluster in this process, for demos and tests: librdkafka's mock.
///
/// It keeps everything in memory, at most 5 MiB of each partition (older rows are dropped without a
/// word), finds no offsets by time, and has no real transactions.
@safe
public final class KafkaDevBroker {
    private let client: OpaquePointer
    private let cluster: OpaquePointer
    private let brokers: ClosedRange<Int32>

    /// What a partition holds before older rows are dropped, in bytes.
    public static let partitionSize = 5 << 20

    /// Starts brokers on free ports of the loopback interface.
    ///
    /// - Parameter brokers: how many, at least one.
    /// - Throws: `refused` when there are no ports.
    public init(brokers: Int = 1) throws(KafkaError) {
        self.brokers = 1...Int32(brokers)
        let conf = try RDKafkaConf(KafkaSettings())
        conf.silence()
        unsafe client = try conf.client(RD_KAFKA_PRODUCER)
        guard let cluster = unsafe rd_kafka_mock_cluster_new(client, self.brokers.upperBound) else {
            unsafe rd_kafka_destroy(client)
            throw KafkaError(.refused, "the development broker finds no free port")
        }
        unsafe self.cluster = cluster
    }

    deinit {
        unsafe rd_kafka_mock_cluster_destroy(cluster)
        unsafe rd_kafka_destroy(client)
    }

    /// How clients reach it.
    public var settings: KafkaSettings {
        KafkaSettings(
            brokers: unsafe String(cString: rd_kafka_mock_cluster_bootstraps(cluster)),
            // It lets a waiting reader wait to the end although rows have come.
            ["fetch.wait.max.ms": "10"])
    }

    /// Creates a topic.
    ///
    /// - Throws: `refused` when there is one of this name.
    public func createTopic(_ name: String, partitions: Int) throws(KafkaError) {
        let code = unsafe rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1)
        if code.rawValue != 0 { throw KafkaError(code, "cannot create the topic '\(name)'") }
    }

    /// Lets all brokers refuse connections, or take them again.
    public func setDown(_ isDown: Bool) {
        for broker in brokers {
            if isDown {
                unsafe rd_kafka_mock_broker_set_down(cluster, broker)
            } else {
                unsafe rd_kafka_mock_broker_set_up(cluster, broker)
            }
        }
    }
}

/// How the brokers of Kafka are reached.
public struct KafkaLocation: Hashable, Sendable {
    /// `HOST:PORT`, several with commas between them.
    public var brokers: String
    /// Settings of the client by librdkafka's names, such as `security.protocol`; their values may be
    /// secrets.
    public var settings: [String: String]

    /// Puts a location together.
    public init(brokers: String, settings: [String: String] = [:]) {
        self.brokers = brokers
        self.settings = settings
    }

    /// Settings of the client that are not the user's to choose, and why.
    package static let refused: [String: String] = [
        "bootstrap.servers": "the brokers stand under `brokers:`",
        "metadata.broker.list": "the brokers stand under `brokers:`",
        "group.id": "each processor has a group of its own",
        "group.instance.id": "each worker is a member of its own",
        "enable.auto.commit": "positions are committed with the states, never by the client",
        "enable.auto.offset.store": "positions are committed with the states, never by the client",
        "auto.offset.reset": "rows that the topic lost must stop a processor, not be skipped",
        "enable.partition.eof": "processors look for the end themselves",
        "partition.assignment.strategy": "partitions move between workers in one way only",
        "allow.auto.create.topics": "a topic whose name is wrong must be an error",
        "isolation.level": "rows of transactions that failed are no rows",
        "enable.idempotence": "rows are published once and in order",
        "transactional.id": "rows are published without transactions",
    ]
}

extension KafkaLocation: CustomStringConvertible {
    /// The brokers, without the settings.
    public var description: String { brokers }
}

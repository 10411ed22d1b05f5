import Columns
public import Kafka
public import Planning
import Records
public import Values

/// Sends the batch rows of a source to its topic, in the order in which they became known: how a
/// team replays history into a topic.
///
/// Memory is 16 bytes for each row, the rows of a slice and what the client has not sent yet. Rows
/// are sent by an idempotent producer, each once; a second run sends them again.
public struct PublishJob {
    /// Rows that are read and sent at a time.
    private static let sliceSize = 100_000

    private let source: SourcePlan
    private let places: SourcePlaces
    private let settings: KafkaSettings
    /// Where the rows to send begin, by when they became known.
    public var start: EventTime?
    /// Where they end: the first time that is not sent.
    public var end: EventTime?
    /// Is called with how many rows were sent, of how many, before each row; may wait.
    public var progress: (Int, Int) -> Void = { _, _ in }

    /// Prepares to send the rows of `source`, found in `places`, to brokers.
    public init(source: SourcePlan, places: SourcePlaces, settings: KafkaSettings) {
        self.source = source
        self.places = places
        self.settings = settings
    }

    /// Sends everything and waits until the brokers have it.
    ///
    /// - Throws: `JobError`, `RecordError`, `KafkaError`.
    public func run() throws -> PublishReport {
        guard let stream = source.stream else {
            throw JobError(
                .usage, "source '\(source.name)' has no topic",
                hint: "give it 'stream:' with 'kafka: { topic: NAME, format: json }'")
        }
        let rows = try places.rows(of: source)
        let order = try PublishOrder(rows, of: source, from: start, to: end)
        let encoder = RecordEncoder(source: source)
        let producer = try KafkaProducer(settings)
        var sent = 0
        while sent < order.entries.count {
            let range = sent..<min(sent + Self.sliceSize, order.entries.count)
            let slice = try order.read(range, of: source, in: rows, columns: encoder.columnNames)
            for place in slice.places {
                progress(sent, order.entries.count)
                let record = try encoder.record(
                    of: Int(place.row), in: slice.parts[Int(place.part)])
                try producer.send(KafkaRecord(record, topic: stream.topic))
                sent += 1
            }
        }
        try producer.flush()
        return PublishReport(
            source: source.name, topic: stream.topic, rows: sent, timeless: order.timeless,
            first: order.entries.first.map { EventTime(microseconds: $0.time) },
            last: order.entries.last.map { EventTime(microseconds: $0.time) })
    }
}

/// What was sent.
public struct PublishReport: Sendable {
    /// The source.
    public let source: String
    /// Its topic.
    public let topic: String
    /// How many rows were sent.
    public let rows: Int
    /// How many rows have no time to send them at.
    public let timeless: Int
    /// When the first row became known.
    public let first: EventTime?
    /// When the last row became known.
    public let last: EventTime?

    /// The report for programs.
    public var members: [JSONMember] {
        [
            JSONMember(name: "source", value: .string(source)),
            JSONMember(name: "topic", value: .string(topic)),
            JSONMember(name: "rows", value: .count(rows)),
            JSONMember(name: "rows_without_time", value: .count(timeless)),
            JSONMember(name: "first", value: .optional(first?.description)),
            JSONMember(name: "last", value: .optional(last?.description)),
        ]
    }
}

extension KafkaRecord {
    fileprivate init(_ record: OutgoingRecord, topic: String) {
        self.init(
            topic: topic, key: record.key, value: record.value, timestamp: record.timestamp,
            headers: record.headers)
    }
}

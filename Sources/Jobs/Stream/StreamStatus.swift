import CommitProtocol
public import Kafka
import Planning
public import Stores
import Streams

/// How far the streams of a project are.
public struct StreamStatus: Sendable {
    /// A generation of a view that is fed.
    public struct View: Sendable {
        /// The view.
        public let name: String
        /// The generation.
        public let generation: UInt64
        /// Whether it is what is asked, not what is built beside it.
        public let isLive: Bool
        /// Whether several partitions write to one state.
        public let isShared: Bool
        /// The next offset of each partition; nil where the checkpoint is lost.
        public let positions: [Int64?]
        /// How many rows of the log it lacks; nil when the log cannot be asked.
        public let lag: Int64?
    }

    /// The stream side of an event log.
    public struct Log: Sendable {
        /// The source.
        public let source: String
        /// The next offset of each partition; nil where the checkpoint is lost.
        public let positions: [Int64?]
        /// How many rows it has.
        public let rows: Int
        /// How many records were no rows.
        public let deadLetters: Int
        /// How many rows of the topic it lacks; nil when that cannot be asked.
        public let lag: Int64?
    }

    /// What is fed, by view.
    public private(set) var views: [View] = []
    /// The logs, by source.
    public private(set) var logs: [Log] = []

    /// Asks the stores, and Kafka where that is known.
    ///
    /// - Parameters:
    ///   - project: the definitions.
    ///   - online: the online store; nil when there is none yet.
    ///   - offline: the offline store.
    ///   - settings: how brokers are reached; without them nobody knows what is lacking.
    /// - Throws: what stores and brokers throw.
    public init(
        of project: Project, online: (any OnlineStore)?, offline: any OfflineStore,
        settings: KafkaSettings?
    ) throws {
        for source in project.plan.sources {
            guard let topic = source.stream?.topic else { continue }
            let state = try offline.eventLog(of: source.name).streamState()
            let records = try project.plan.views.filter { $0.source.name == source.name }
                .compactMap { try online?.streamRecord(of: $0.name) }
            if records.isEmpty && state == nil { continue }
            let ends = try settings.flatMap { try Self.ends(of: topic, $0) }
            for record in records {
                try add(record, online, ends)
            }
            if let state {
                let positions = state.checkpoints.map { $0?.next.offset }
                logs.append(
                    Log(
                        source: source.name, positions: positions, rows: state.rowCount,
                        deadLetters: state.deadLetterCount, lag: Self.lag(positions, ends)))
            }
        }
    }

    /// Where the partitions of a topic end; nil when no broker can be reached.
    private static func ends(of name: String, _ settings: KafkaSettings) throws -> [Int64]? {
        do throws(KafkaError) {
            let topic = try StreamTopic(settings, name: name)
            return try topic.bounds(partitions: topic.partitionCount()).map(\.upperBound)
        } catch {
            if error.isRetriable { return nil }
            throw error
        }
    }

    private mutating func add(
        _ record: StreamRecord, _ online: (any OnlineStore)?, _ ends: [Int64]?
    ) throws {
        for fed in [record.live, record.next].compactMap(\.self) {
            let positions =
                try online?.checkpoints(of: fed.generation.id, partitions: fed.partitions)
                .map { $0?.next.offset } ?? []
            views.append(
                View(
                    name: record.view, generation: fed.generation.id,
                    isLive: fed.generation.id == record.live.generation.id,
                    isShared: fed.isShared, positions: positions,
                    lag: Self.lag(positions, ends)))
        }
    }

    /// Rows behind the positions; partitions without one lack all that they have.
    private static func lag(_ positions: [Int64?], _ ends: [Int64]?) -> Int64? {
        ends.map { ends in
            ends.indices.reduce(0) { sum, partition in
                let position = partition < positions.count ? positions[partition] ?? 0 : 0
                return sum + max(0, ends[partition] - position)
            }
        }
    }
}

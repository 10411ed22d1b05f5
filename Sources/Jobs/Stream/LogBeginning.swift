import CommitProtocol
import Stores
import Streams
import Values

/// Begins the stream side of a source's event log: where its batch side ends.
struct LogBeginning {
    let source: StreamedSource
    let log: any EventLog
    let now: EventTime

    /// What is recorded, with checkpoints for all partitions.
    func state() throws -> StreamLogState {
        let count = try source.topic.partitionCount()
        let bounds = try source.topic.bounds(partitions: count)
        let known = try log.streamState()
        let cut = try known?.cut ?? log.state(at: .newest).coveredTo ?? .distantPast
        var positions: [Int32: Position] = [:]
        for (partition, bounds) in bounds.enumerated() {
            positions[Int32(partition)] = Position(bounds.lowerBound)
        }
        return try log.beginStream(
            schema: LogSink.schema(of: source.plan), cut: cut, at: positions)
    }
}

import CommitProtocol
import Planning
import Stores
import Streams
import Values

/// Begins the stream side of a source's event log: where its batch side ends.
struct LogBeginning {
    let source: StreamedSource
    let log: any EventLog
    /// The project's, where files are.
    let folder: String
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
        let state = try log.beginStream(
            schema: LogSink.schema(of: source.plan), cut: cut, at: positions)
        // Nobody has written yet.
        if state.checkpoints.allSatisfy({ $0?.owner == nil }) { try leaveToStream(cut: state.cut) }
        return state
    }

    /// Rows of files that became known after the cut leave the log before the stream brings them.
    /// Those of a table leave it with the next materialization.
    private func leaveToStream(cut: EventTime) throws {
        let plan = source.plan
        guard plan.knownAt != nil, plan.parquetPath != nil else { return }
        _ = try EventLogLoad(
            plan, ParquetRows(source: plan, folder: folder), folder: folder, log: log, workers: 1
        ).run(to: cut, at: now)
    }
}

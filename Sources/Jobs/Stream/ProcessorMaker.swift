import Kafka
import Planning
import PointInTime
import Records
import States
import Stores
import Streams
import Values

/// Makes processors of what they are to do.
struct ProcessorMaker: Sendable {
    let source: StreamedSource
    /// The project's.
    let folder: String
    let stores: MaterializeStores
    let settings: KafkaSettings
    let counters: StreamCounters
    let now: @Sendable () -> EventTime
    let probe: @Sendable (StreamStep) -> Void
    /// How long rows for an event log are collected, so that its commits are not too small.
    let linger: Duration

    func processor(for spec: ProcessorSpec) throws -> StreamProcessor {
        switch spec.target {
        case .states(let fed): try processor(for: spec, feeding: fed)
        case .log: try logProcessor(for: spec)
        }
    }

    private func feed(_ spec: ProcessorSpec, linger: Duration) throws -> KafkaFeed {
        try KafkaFeed(
            settings, topic: source.topic.name, group: spec.group,
            headerNames: source.plan.stream?.headerNames ?? [], linger: linger)
    }

    private func processor(
        for spec: ProcessorSpec, feeding parts: [ProcessorSpec.Fed]
    ) throws -> StreamProcessor {
        let views = parts.compactMap { part in
            source.views.first { $0.name == part.view }.map {
                FedView($0, generation: part.generation, isShared: part.isShared)
            }
        }
        // All declared columns, as for the log: a record is a row for both or for none.
        var decoder = RecordDecoder(source: source.plan, zone: try zone())
        let (store, counters) = (stores.online, counters)
        return StreamProcessor(
            try feed(spec, linger: .zero), counters: counters, probe: probe,
            decode: { decoder.decode($0) }
        ) { partition in
            try views.map { view in
                let committer = try store.streamCommitter(
                    of: view.generation.id, partition: partition, isShared: view.isShared)
                return ViewSink(
                    view, partition: partition, committer: committer, counters: counters)
            }
        }
    }

    private func logProcessor(for spec: ProcessorSpec) throws -> StreamProcessor {
        let log = try stores.offline.eventLog(of: source.plan.name)
        let state = try LogBeginning(
            source: source, log: log, folder: folder, now: now()
        ).state()
        var decoder = RecordDecoder(source: source.plan, zone: try zone())
        let (plan, counters, now) = (source.plan, counters, now)
        return StreamProcessor(
            try feed(spec, linger: linger), counters: counters, probe: probe,
            decode: { decoder.decode($0) }
        ) { partition in
            [
                LogSink(
                    plan, cut: state.cut, committer: try log.streamCommitter(of: partition),
                    counters: counters, now: now)
            ]
        }
    }

    private func zone() throws -> ZoneTable? {
        try source.plan.zone.map { try ZoneTable.named($0) }
    }
}

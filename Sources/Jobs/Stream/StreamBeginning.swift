import CommitProtocol
import Kafka
import Planning
import States
import Stores
import Streams
import Values

// How a view comes to be streamed. What stands in the store decides, so any number of processes may
// do this at the same time, and any of them may be killed:
//
//   nothing live      a view with a batch side must be materialized first; one without gets an empty
//                     generation
//   live, no record   the first hand-over: checkpoints, then the record
//   a record          checkpoints of a generation that waits for its first row, and of partitions
//                     that have come since; whatever else is missing is a loss
//
// A stream begins where the log does: what the base of the generation has is left out row by row.

/// Brings the record of one view to where processors can work.
struct StreamBeginning {
    let view: ViewPlan
    let topic: StreamTopic
    let store: any OnlineStore
    let now: EventTime
    let tell: ((StreamNews) -> Void)?

    private static let attempts = 10

    /// The record, with checkpoints for all partitions of all generations that it names.
    ///
    /// - Throws: `StreamError` with the remedy when a person must act.
    func record() throws -> StreamRecord {
        let partitions = try topic.partitionCount()
        for _ in 0..<Self.attempts {
            guard let old = try store.streamRecord(of: view.name) else {
                let live = try generation()
                let fed = try begin(
                    StreamRecord.Fed(generation: live, partitions: 0, isShared: false), partitions)
                let new = StreamRecord(view: view.name, topic: topic.name, live: fed)
                if try store.replaceStreamRecord(of: view.name, nil, with: new) { return new }
                continue
            }
            try check(old)
            var new = old
            new.live = try begin(old.live, partitions)
            new.next = try old.next.map { try begin($0, partitions) }
            if new == old { return old }
            if try store.replaceStreamRecord(of: view.name, old, with: new) { return new }
        }
        throw StoreError(
            .busy, "the record of the stream of '\(view.name)' changes again and again",
            hint: "try again in a moment")
    }

    /// The live generation, which must be of these definitions.
    private func generation() throws -> Generation {
        let layout = StateLayout(view).identity
        if let live = try store.liveGeneration(view: view.name) {
            guard live.layout == layout else { throw StreamError.outdated(view.name) }
            return live
        }
        guard view.source.batch == nil else {
            throw StreamError(
                .notMaterialized, "the view '\(view.name)' is not in the online store",
                hint: "run 'roost materialize \(view.name) --at TIME' first: the stream goes on "
                    + "from there")
        }
        return try publishEmpty()
    }

    /// Makes a generation without rows live, for a view that has no batch side.
    @discardableResult
    func publishEmpty() throws -> Generation {
        let layout = StateLayout(view).identity
        let plan = GenerationPlan(
            view: view.name, layout: layout,
            identity: SHA256.hash(Array("nothing before the stream".utf8) + layout),
            cut: .distantPast)
        return try store.beginGeneration(plan).publish()
    }

    private func check(_ record: StreamRecord) throws {
        guard record.topic == topic.name else {
            throw StreamError(
                .outdated,
                "the view '\(view.name)' was fed from the topic '\(record.topic)', not from "
                    + "'\(topic.name)'",
                hint: "run 'roost stream --rebuild \(view.name)'")
        }
        let live = try store.liveGeneration(view: view.name)
        guard live?.id == record.live.generation.id else {
            throw StreamError(
                .lostPosition,
                "the live generation of '\(view.name)' is "
                    + "\(live.map { "\($0.id)" } ?? "gone"), but the stream feeds "
                    + "\(record.live.generation.id): the store was set back or changed by others",
                hint: "run 'roost stream --rebuild \(view.name)'")
        }
    }

    /// Makes the checkpoints that a generation lacks by right, and refuses to go on without others.
    private func begin(_ fed: StreamRecord.Fed, _ partitions: Int) throws -> StreamRecord.Fed {
        let lacking = fed.partitions..<max(partitions, fed.partitions)
        let there = try store.checkpoints(
            of: fed.generation.id, partitions: max(partitions, fed.partitions))
        for partition in 0..<fed.partitions where there[partition] == nil {
            throw StreamError(
                .lostPosition,
                "the online store has no checkpoint of partition \(partition) of "
                    + "'\(topic.name)' for '\(view.name)'",
                hint: "it was emptied or lost data: run 'roost stream --rebuild \(view.name)'")
        }
        if lacking.isEmpty { return fed }
        let bounds = try topic.bounds(partitions: partitions)
        var positions: [Int32: Position] = [:]
        for partition in lacking where there[partition] == nil {
            try checkReach(of: partition, bounds[partition], back: fed.generation.cut)
            positions[Int32(partition)] = Position(bounds[partition].lowerBound)
        }
        try store.beginStream(of: fed.generation, at: positions)
        let hasGrown = fed.partitions > 0
        tell?(
            hasGrown
                ? .shares(view: view.name)
                : .began(
                    view: view.name, generation: fed.generation.id, partitions: partitions))
        return StreamRecord.Fed(
            generation: fed.generation, partitions: partitions,
            isShared: fed.isShared || hasGrown || !view.isKeyed)
    }

    /// Refuses positions that the log does not have.
    func checkReach(of fed: StreamRecord.Fed) throws {
        let checkpoints = try store.checkpoints(
            of: fed.generation.id, partitions: fed.partitions)
        let bounds = try topic.bounds(partitions: fed.partitions)
        for (checkpoint, bounds) in zip(checkpoints, bounds) {
            guard let position = checkpoint?.next.offset else { continue }
            if position < bounds.lowerBound || position > bounds.upperBound {
                throw StreamError(
                    .lostPosition, "'\(topic.name)' has no offset \(position) any more")
            }
        }
    }

    /// Refuses a log whose beginning is gone, if rows that the base lacks may have been there.
    private func checkReach(
        of partition: Int, _ bounds: Range<Int64>, back cut: EventTime
    ) throws {
        guard bounds.lowerBound > 0 else { return }
        let first = try topic.firstTime(of: Int32(partition), within: bounds)
        if let first, first <= cut { return }
        throw StreamError(
            .lostPosition,
            "'\(topic.name)' begins with \(first.map { "a row of \($0)" } ?? "no row") in partition "
                + "\(partition), but what is there of '\(view.name)' ends at \(cut): rows between "
                + "may be gone",
            hint: "materialize it as of a later time, or keep rows longer")
    }
}

extension StreamError {
    /// What is live was built by other definitions.
    static func outdated(_ view: String) -> StreamError {
        StreamError(
            .outdated, "the view '\(view)' is in the online store as other definitions say",
            hint: "run 'roost materialize \(view) --at TIME' first, or 'roost stream --rebuild "
                + "\(view)' if it is streamed already")
    }
}

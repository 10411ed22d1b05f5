import CommitProtocol
package import Records

// A processor reads the partitions that its group gives it, and writes their rows into sinks. All of
// it happens on one thread, and whatever ends it, a sink knows how far it is:
//
//   poll      the group's decisions come first, then records
//   write     each sink gets what it lacks; what it has already is left out
//   settle    who was fenced listens to the group for a while, then claims again what is still ours;
//             a sink that was set back is given its rows again
//
// While a sink is slow nothing is polled, so that the feed's own bounds hold the records back.

/// Brings the rows of a topic's partitions into sinks.
package final class StreamProcessor {
    /// When `run` returns, if nothing goes wrong.
    package enum Goal: Sendable {
        /// When it is told to.
        case never
        /// When all rows are written that the log had when partitions were assigned.
        case caughtUp
    }

    /// Departures, which are no failures.
    private struct Departure: Error {}

    private static let pollMilliseconds: Int32 = 100
    /// How long who was fenced listens to the group before it claims again: a worker that slept hears
    /// with its next heartbeat that its partitions are another's.
    private static let fencedTime: Duration = .seconds(2)
    /// How often a quiet sink is looked at, and the broker is told how far the group is.
    private static let checkInterval: Duration = .seconds(1)

    private let feed: any RecordFeed
    private let decode: (RecordBatch) -> StreamRows
    private let makeSinks: (Int32) throws -> [any PartitionSink]
    private let counters: StreamCounters
    private let probe: (StreamStep) -> Void
    private var works: [Int32: PartitionWork] = [:]
    private var wasAssigned = false
    private var nextCheck = ContinuousClock.now

    /// Prepares a processor.
    ///
    /// - Parameters:
    ///   - feed: where records come from.
    ///   - counters: where it is counted what happens.
    ///   - probe: is told of each step.
    ///   - decode: makes rows of records.
    ///   - makeSinks: makes a partition's sinks, which are not claimed yet.
    package init(
        _ feed: any RecordFeed, counters: StreamCounters,
        probe: @escaping (StreamStep) -> Void = { _ in },
        decode: @escaping (RecordBatch) -> StreamRows,
        makeSinks: @escaping (Int32) throws -> [any PartitionSink]
    ) {
        self.feed = feed
        self.counters = counters
        self.probe = probe
        self.decode = decode
        self.makeSinks = makeSinks
    }

    /// Works until the goal is reached or `isStopping` says so; what was written stays written.
    ///
    /// - Throws: `StreamInterruption` when its sinks are not what they were, `StreamError` when a
    ///   person must decide, what sinks and feed throw.
    package func run(_ goal: Goal, isStopping: () -> Bool) throws {
        defer { releaseAll() }
        while !isStopping() {
            do {
                try turn()
            } catch is Departure {
                counters.count("") { $0.departures += 1 }
                releaseAll()
                wasAssigned = false
                try feed.rejoin()
            }
            if goal == .caughtUp, wasAssigned, works.values.allSatisfy(\.isCaughtUp) { return }
        }
    }

    private func turn() throws {
        switch try feed.poll(milliseconds: Self.pollMilliseconds) {
        case .assigned(let partitions): try take(partitions)
        case .revoked:
            probe(.onRevoke)
            releaseAll()
        case .records(let batches):
            probe(.afterFetch)
            for batch in batches { try write(batch) }
        case .nothing: break
        }
        try settle()
        if ContinuousClock.now >= nextCheck { try check() }
    }

    private func releaseAll() {
        for work in works.values {
            for target in work.targets { target.sink.release() }
        }
        works = [:]
    }

    // MARK: Partitions come and go

    private func take(_ partitions: [Int32]) throws {
        probe(.onAssign)
        releaseAll()
        var positions: [Int32: Int64] = [:]
        for partition in partitions.sorted() {
            var work = PartitionWork(partition, sinks: try makeSinks(partition))
            works[partition] = work
            let bounds = try feed.bounds(of: partition)
            for index in work.targets.indices { try claim(index, of: &work) }
            try check(work, within: bounds)
            let start = work.wanted ?? bounds.lowerBound
            work.start(at: start)
            work.goal = bounds.upperBound
            positions[partition] = start
            works[partition] = work
        }
        try feed.start(positions)
        wasAssigned = true
    }

    private func claim(_ index: Int, of work: inout PartitionWork) throws {
        var generator = SystemRandomNumberGenerator()
        let action = try work.targets[index].sink.claim(.random(using: &generator))
        try follow(action, index, of: &work)
    }

    /// Refuses positions that the log does not have, above or below.
    private func check(_ work: PartitionWork, within bounds: Range<Int64>) throws {
        for target in work.targets {
            guard let position = target.position?.offset else { continue }
            guard position < bounds.lowerBound || position > bounds.upperBound else { continue }
            throw StreamError(
                .lostPosition,
                "\(target.sink.name) goes on at offset \(position) of partition "
                    + "\(work.partition), but the log has \(bounds.lowerBound) to "
                    + "\(bounds.upperBound)",
                hint: target.sink.remedy)
        }
    }

    // MARK: Rows

    private func write(_ batch: RecordBatch) throws {
        guard var work = works[batch.partition], let first = batch.offsets.first else { return }
        guard work.accepts(first: first) else {
            try feed.seek(batch.partition, to: work.reading)
            works[batch.partition] = work
            return
        }
        let rows = decode(batch)
        for index in work.targets.indices {
            guard let position = work.targets[index].position else { continue }
            count(batch, rows, work.targets[index].sink.name)
            probe(.beforeCommit)
            let action = try work.targets[index].sink.write(rows, from: position)
            probe(.afterCommit)
            try follow(action, index, of: &work)
        }
        work.advance(to: rows.end)
        works[batch.partition] = work
    }

    private func count(_ batch: RecordBatch, _ rows: StreamRows, _ name: String) {
        counters.count(name) { numbers in
            numbers.records += batch.count
            numbers.rejected += rows.rejected.count
        }
    }

    /// What a sink wants to be done.
    private func follow(_ action: CommitAction, _ index: Int, of work: inout PartitionWork) throws {
        let name = work.targets[index].sink.name
        switch action {
        case .goOn(let position): work.targets[index].position = position
        case .resume(let position):
            if let before = work.targets[index].position, position < before {
                counters.count(name) { $0.rewinds += 1 }
            }
            work.targets[index].position = position
        case .askAssignment:
            counters.count(name) { $0.fences += 1 }
            work.targets[index].position = nil
            work.targets[index].claimTime = .now + Self.fencedTime
        case .leave: throw Departure()
        case .stop:
            throw StreamInterruption.hasNoCheckpoint(sink: name, partition: work.partition)
        case .wait, .watch, .watchAgain, .claim, .commit:
            preconditionFailure("a sink does itself what it is told: \(action)")
        }
    }

    // MARK: Between the rows

    /// Who was fenced and still has the partition, although the group had time to say otherwise,
    /// claims it again; rows that a sink lacks again are read again.
    private func settle() throws {
        for var work in Array(works.values) {
            for index in work.targets.indices where work.targets[index].position == nil {
                if ContinuousClock.now < work.targets[index].claimTime { continue }
                try claim(index, of: &work)
            }
            if let wanted = work.wanted, wanted < work.reading {
                try feed.seek(work.partition, to: wanted)
                work.start(at: wanted)
            }
            works[work.partition] = work
        }
    }

    /// Looks at the sinks, which may have been set back, and tells the broker how far they are.
    private func check() throws {
        nextCheck = .now + Self.checkInterval
        for var work in Array(works.values) {
            for index in work.targets.indices {
                guard let position = work.targets[index].position else { continue }
                try follow(work.targets[index].sink.check(at: position), index, of: &work)
            }
            works[work.partition] = work
        }
        let positions = works.compactMapValues(\.wanted)
        if !positions.isEmpty { try feed.report(positions) }
    }
}

import Columns
import Expressions
import Planning
import PointInTime
import States
import Values

/// The states of one view that one worker folds, kept in memory up to a bound and spilled to
/// sorted files beyond it.
///
/// States merge in any order to the same bytes, so neither the number of workers nor what was
/// spilled when can change a result.
struct EntityStates {
    /// About how much memory a fold can add to a state, at most: a tile with a wide sum.
    private static let bytesPerFold = 200

    private let layout: StateLayout
    private let scope: RowScope
    private let spill: SpillFolder
    private let memory: Int
    private var table = KeyTable()
    private var states: [ViewState] = []
    private var foldsSinceMeasured = 0
    private var measured = 0
    private(set) var runs: [SpilledRun] = []
    /// What was not spilled, as of the cut; there when folding has ended.
    private(set) var encoded = EncodedStates()
    private(set) var counts = RowCounts()
    private(set) var faults = FaultCounts()
    /// Rows that happen or become known after the cut.
    private(set) var notYetKnown = 0

    init(layout: StateLayout, scope: RowScope, spill: SpillFolder, memory: Int) {
        self.layout = layout
        self.scope = scope
        self.spill = spill
        self.memory = memory
    }

    /// Folds a chunk, which has all declared and computed columns of the source.
    mutating func fold(_ batch: ColumnBatch) throws(JobError) {
        let view = layout.view
        let events = batch.int64Values(view.source.eventTime)
        let known = batch.int64Values(view.source.knownAt ?? view.source.eventTime)
        var rows = FixedValuesBuilder<Int32>(capacity: 1024)
        var entities: [Int32] = []
        var chunkCounts = RowCounts()
        var chunkFaults = FaultCounts()
        RowFilter(view: view).select(from: batch, &chunkCounts, &chunkFaults) { row, key in
            guard scope.contains(event: events[row], known: known[row]) else {
                notYetKnown += 1
                return
            }
            rows.append(Int32(row))
            entities.append(table.insert(key))
        }
        chunkCounts.used = entities.count
        counts.add(chunkCounts)
        faults.add(chunkFaults)
        while states.count < table.count { states.append(ViewState(layout)) }
        let kept = rows.finish()
        fold(batch, rows: kept, entities, events, known)
        foldsSinceMeasured += kept.count
        try spillIfNeeded()
    }

    private mutating func fold(
        _ batch: ColumnBatch, rows: FixedValues<Int32>, _ entities: [Int32],
        _ events: FixedValues<Int64>, _ known: FixedValues<Int64>
    ) {
        let needed = batch.keeping(layout.inputs.flatMap(\.referencedColumns)).gathering(rows)
        let inputs = layout.inputs.map { $0.evaluate(needed, faults: &faults) }
        for (index, entity) in entities.enumerated() {
            let row = Int(rows[index])
            states[Int(entity)].fold(
                eventTime: EventTime(microseconds: events[row]),
                knownAt: EventTime(microseconds: known[row]),
                values: inputs.map { $0.scalar(at: index) }, horizon: scope.cut)
        }
    }

    /// Writes the states to a sorted file when they may take more memory than allowed.
    private mutating func spillIfNeeded() throws(JobError) {
        let series = max(1, layout.inputs.count)
        guard measured + foldsSinceMeasured * series * Self.bytesPerFold > memory else { return }
        measured = states.reduce(0) { $0 + $1.approximateSize }
        foldsSinceMeasured = 0
        guard measured > memory * 3 / 4 else { return }
        let run = try spill.newRun()
        for id in sorted() { try run.append(Array(table.bytes(of: id)), states[id].encoded) }
        try run.finish()
        runs.append(run)
        table = KeyTable()
        states = []
        measured = 0
    }

    /// Ends folding: what is in memory becomes the bytes that a store gets. States that no time from
    /// the cut on sees are left out.
    mutating func finish() {
        encoded.reserve(states.count)
        for id in sorted() where !states[id].isExpired(at: scope.cut) {
            encoded.append(table.bytes(of: id), states[id].pruned(to: scope.cut).encoded)
        }
        table = KeyTable()
        states = []
    }

    /// The numbers of the entities in memory in ascending order of their keys.
    private func sorted() -> [Int] {
        let keys = states.indices.map { (start: table.bytes(of: $0).leadingNumber, id: $0) }
        return keys.sorted { left, right in
            if left.start != right.start { return left.start < right.start }
            return table.bytes(of: left.id).order(to: table.bytes(of: right.id)) < 0
        }.map(\.id)
    }
}

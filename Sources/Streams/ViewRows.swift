import Columns
import Expressions
import Planning
import PointInTime
import Records
import States
import Values

/// The rows of a batch that change states of one view: admitted, passing its filter, of an entity,
/// and not in the base of the generation.
struct ViewRows {
    /// How many rows there are.
    var count: Int { rows.count }
    private let rows: [Int32]
    private let offsets: [Int64]
    private let events: [Int64]
    private let known: [Int64]
    private let inputs: [Column]
    private let entities: [Int32]
    private let table: KeyTable

    /// Selects rows.
    ///
    /// - Parameters:
    ///   - batch: all rows, with the columns of `view`'s source.
    ///   - layout: how states look, of a view over stream rows.
    ///   - scope: what the base has.
    ///   - counts: where rows that do not count are counted.
    init(
        of batch: StreamRows, _ layout: StateLayout, outside scope: RowScope,
        _ counts: inout RowCounts
    ) {
        let source = layout.view.source
        let allEvents = batch.batch.int64Values(source.eventTime)
        let allKnown = batch.batch.int64Values(source.knownAt ?? source.eventTime)
        // Batch rows of a source that declares no known-at are known when they happen.
        let basis = source.knownAt == StreamRows.knownAt ? allEvents : allKnown
        var (rows, entities): ([Int32], [Int32]) = ([], [])
        var (offsets, events, known): ([Int64], [Int64], [Int64]) = ([], [], [])
        var table = KeyTable()
        var faults = FaultCounts()
        RowFilter(view: layout.view).select(from: batch.batch, &counts, &faults) { row, key in
            guard !scope.contains(event: allEvents[row], known: basis[row]) else { return }
            rows.append(Int32(row))
            entities.append(table.insert(key))
            offsets.append(batch.offsets[row])
            events.append(allEvents[row])
            known.append(allKnown[row])
        }
        counts.used += rows.count
        let needed = batch.batch.keeping(layout.inputs.flatMap(\.referencedColumns))
            .gathering(FixedValues(rows))
        inputs = layout.inputs.map { $0.evaluate(needed, faults: &faults) }
        self.rows = rows
        self.entities = entities
        self.offsets = offsets
        self.events = events
        self.known = known
        self.table = table
    }

    /// The first row at `offset` or behind it.
    func firstRow(from offset: Int64) -> Int {
        var (low, high) = (0, offsets.count)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// When the newest row happened.
    var newestEvent: Int64? { events.max() }

    /// The offset of a row.
    func offset(of row: Int) -> Int64 { offsets[row] }

    /// The longest prefix of the rows from `first` on that changes at most `limit` entities.
    func chunk(from first: Int, limit: Int) -> ViewChunk {
        var chunk = ViewChunk(first: first)
        var places: [Int32: Int] = [:]
        for row in first..<count {
            let entity = entities[row]
            if let place = places[entity] {
                chunk.rows[place].append(row)
                continue
            }
            if places.count == limit {
                chunk.end = row
                return chunk
            }
            places[entity] = chunk.rows.count
            chunk.keys.append(Array(table.bytes(of: Int(entity))))
            chunk.rows.append([row])
        }
        chunk.end = count
        return chunk
    }

    /// Adds rows to a state.
    func fold(_ rows: [Int], into state: inout ViewState) {
        for row in rows {
            state.fold(
                eventTime: EventTime(microseconds: events[row]),
                knownAt: EventTime(microseconds: known[row]),
                values: inputs.map { $0.scalar(at: row) })
        }
    }
}

/// Consecutive rows, by entity.
struct ViewChunk {
    /// The first row.
    let first: Int
    /// Behind the last row.
    var end = 0
    /// The entities, in order of first appearance.
    var keys: [[UInt8]] = []
    /// The rows of each.
    var rows: [[Int]] = []

    init(first: Int) { self.first = first }
}

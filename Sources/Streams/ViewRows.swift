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
    /// For each entity of the batch its place in the chunk that is being made.
    private var places: [Int32]

    private static let absent = -1

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
        places = Array(repeating: Int32(Self.absent), count: table.count)
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
    ///
    /// Complexity: O(rows), however many entities the batch has.
    mutating func chunk(from first: Int, limit: Int) -> ViewChunk {
        var chunk = ViewChunk(first: first)
        defer { for entity in chunk.entities { places[Int(entity)] = Int32(Self.absent) } }
        for row in first..<count {
            let entity = Int(entities[row])
            var place = Int(places[entity])
            if place == Self.absent {
                if chunk.entities.count == limit {
                    chunk.end = row
                    return chunk
                }
                place = chunk.entities.count
                places[entity] = Int32(place)
                chunk.begin(entities[row], Array(table.bytes(of: entity)))
            }
            chunk.add(row, to: place)
        }
        chunk.end = count
        return chunk
    }

    /// Adds the rows of an entity to its state.
    func fold(_ place: Int, of chunk: ViewChunk, into state: inout ViewState) {
        chunk.forEachRow(of: place) { row in
            state.fold(
                eventTime: EventTime(microseconds: events[row]),
                knownAt: EventTime(microseconds: known[row]),
                values: inputs.map { $0.scalar(at: row) })
        }
    }
}

/// Consecutive rows, by entity: of each entity the first and the last row, of each row the next one of
/// its entity.
struct ViewChunk {
    /// The first row.
    let first: Int
    /// Behind the last row.
    var end = 0
    /// The keys of the entities, in order of first appearance.
    private(set) var keys: [[UInt8]] = []
    /// Their numbers in the batch.
    private(set) var entities: [Int32] = []
    private var heads: [Int32] = []
    private var tails: [Int32] = []
    private var next: [Int32] = []

    private static let none: Int32 = -1

    init(first: Int) { self.first = first }

    /// Adds an entity, whose row comes next.
    mutating func begin(_ entity: Int32, _ key: [UInt8]) {
        keys.append(key)
        entities.append(entity)
        heads.append(Self.none)
        tails.append(Self.none)
    }

    /// Adds the row behind all others to an entity.
    mutating func add(_ row: Int, to place: Int) {
        let link = Int32(next.count)
        next.append(Self.none)
        if tails[place] == Self.none {
            heads[place] = link
        } else {
            next[Int(tails[place])] = link
        }
        tails[place] = link
    }

    /// Shows the rows of an entity in order.
    func forEachRow(of place: Int, _ body: (Int) -> Void) {
        var link = heads[place]
        while link != Self.none {
            body(first + Int(link))
            link = next[Int(link)]
        }
    }
}

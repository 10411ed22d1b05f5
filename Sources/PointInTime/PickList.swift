import Columns
import Values

/// Collects, query by query, the rows that a picking aggregate chose.
protocol PickList: ~Copyable {
    /// How many rows a query may pick.
    var limit: Int { get }
    /// Appends the rows of the next query, at most `limit` of them.
    mutating func append(_ entries: ArraySlice<PositionQueue.Entry>)
    /// The picked values, one row per query.
    consuming func column(of input: Column) -> Column
}

/// One row per query or none: the value itself, or null.
struct SinglePick: PickList, ~Copyable {
    private var rows: FixedValuesBuilder<Int32>

    init(queries: Int) { rows = FixedValuesBuilder(capacity: queries) }

    var limit: Int { 1 }

    mutating func append(_ entries: ArraySlice<PositionQueue.Entry>) {
        rows.append(entries.first?.row ?? -1)
    }

    mutating func append(_ picked: Int32?) { rows.append(picked ?? -1) }

    /// The picked row of each query, negative for none.
    consuming func finish() -> FixedValues<Int32> { rows.finish() }

    consuming func column(of input: Column) -> Column { input.gathering(rows.finish()) }
}

/// A list of rows per query; no rows give a null, not an empty list.
struct ListPick: PickList, ~Copyable {
    let limit: Int
    private var offsets: FixedValuesBuilder<Int32>
    private var rows: FixedValuesBuilder<Int32>
    private var validity: BitmapBuilder
    private var listStart = 0

    init(limit: Int, queries: Int) {
        self.limit = limit
        offsets = FixedValuesBuilder(capacity: queries + 1)
        rows = FixedValuesBuilder(capacity: queries)
        validity = BitmapBuilder(capacity: queries)
        offsets.append(0)
    }

    mutating func append(_ entries: ArraySlice<PositionQueue.Entry>) {
        for entry in entries { rows.append(entry.row) }
        endQuery()
    }

    /// Adds a row to the list of the query at hand.
    mutating func add(_ row: Int32) { rows.append(row) }

    /// Goes on to the next query.
    mutating func endQuery() {
        validity.append(rows.count > listStart)
        listStart = rows.count
        offsets.append(Int32(rows.count))
    }

    consuming func column(of input: Column) -> Column {
        let offsets = self.offsets.finish()
        return Column(
            type: .list(input.type), count: offsets.count - 1,
            storage: .list(offsets: offsets, elements: input.gathering(rows.finish())),
            validity: validity.finish())
    }
}

package import Columns
import Expressions
import Planning
import Values

/// Turns a chunk of a source into the rows that one view's features fold: admitted, filtered,
/// of a key in the spine, with every feature's inputs evaluated, ordered by partition.
struct ViewScan: Sendable {
    let view: ViewPlan
    let table: KeyTable
    let partitioning: Partitioning
    /// The distinct expressions whose values the features need.
    let inputs: [TypedExpression]

    /// Scans for the features at `wanted` of `view`; rows of keys outside `queries` are dropped.
    init(view: ViewPlan, wanted: [Int], queries: SpineQueries) {
        self.view = view
        table = queries.table
        partitioning = queries.partitioning
        inputs = distinct(view.features.inputs(of: wanted))
    }

    /// Scans one chunk, whose batch has all declared and computed columns of the source.
    func scan(_ batch: ColumnBatch) -> ScannedRows {
        var counts = RowCounts()
        var faults = FaultCounts()
        let selection = select(batch, &counts, &faults)
        let order = selection.orderedByPartition(partitioning)
        let rows = order.rows
        let times = batch.int64Values(view.source.eventTime).gathered(at: rows)
        let known = batch.int64Values(view.source.knownAt ?? view.source.eventTime)
        let compact = batch.keeping(inputs.flatMap(\.referencedColumns)).gathering(rows)
        let values = inputs.map { $0.evaluate(compact, faults: &faults) }
        return ScannedRows(
            partitionStarts: order.starts, entities: order.entities, eventTimes: times,
            knownTimes: known.gathered(at: rows), inputs: values, counts: counts, faults: faults)
    }

    private func select(
        _ batch: ColumnBatch, _ counts: inout RowCounts, _ faults: inout FaultCounts
    ) -> Selection {
        var selection = Selection(table: table)
        RowFilter(view: view).select(from: batch, &counts, &faults) { row, key in
            selection.append(row, key)
        }
        selection.lookUpPending()
        counts.used = selection.rows.count
        counts.ofOtherKeys = selection.ofOtherKeys
        return selection
    }
}

/// What one view keeps of one chunk.
struct ScannedRows: Sendable {
    /// The rows of partition `p` are `partitionStarts[p]..<partitionStarts[p + 1]`.
    let partitionStarts: [Int]
    let entities: FixedValues<Int32>
    let eventTimes: FixedValues<Int64>
    let knownTimes: FixedValues<Int64>
    /// The values of `ViewScan.inputs`.
    let inputs: [Column]
    let counts: RowCounts
    let faults: FaultCounts

    /// The rows of a partition that some asking time sees, each with the first one.
    func visibleRows(in partition: Int, _ visibility: Visibility) -> [(row: Int, from: Int64)] {
        let rows = partitionStarts[partition]..<partitionStarts[partition + 1]
        return rows.compactMap { row in
            visibility.firstAskingTime(event: eventTimes[row], known: knownTimes[row])
                .map { (row, $0) }
        }
    }
}

/// Rows of a chunk that go on, each with the number of its entity.
private struct Selection {
    let table: KeyTable
    private(set) var rows: [Int32] = []
    private(set) var entities: [Int32] = []
    /// Rows of keys that no spine row has.
    private(set) var ofOtherKeys = 0
    private var pendingRows: [Int32] = []
    private var pendingKeys = KeyBlock()

    init(table: KeyTable) { self.table = table }

    /// Adds a row, which goes on if its key is in the table.
    mutating func append(_ row: Int, _ key: EntityKey) {
        pendingRows.append(Int32(row))
        pendingKeys.append(key)
        if pendingKeys.count == KeyBlock.capacity { lookUpPending() }
    }

    /// Settles the rows that were added but not yet looked up.
    mutating func lookUpPending() {
        for (row, entity) in zip(pendingRows, table.find(pendingKeys)) {
            if entity < 0 {
                ofOtherKeys += 1
            } else {
                rows.append(row)
                entities.append(entity)
            }
        }
        pendingRows.removeAll(keepingCapacity: true)
        pendingKeys.removeAll()
    }

    /// A stable counting sort by partition.
    func orderedByPartition(
        _ partitioning: Partitioning
    ) -> (rows: FixedValues<Int32>, entities: FixedValues<Int32>, starts: [Int]) {
        var starts = [Int](repeating: 0, count: partitioning.partitionCount + 1)
        for entity in entities { starts[partitioning.partition(of: entity) + 1] += 1 }
        accumulate(&starts)
        var next = starts
        var orderedRows = rows
        var orderedEntities = entities
        for (row, entity) in zip(rows, entities) {
            let position = next[partitioning.partition(of: entity)]
            next[partitioning.partition(of: entity)] += 1
            orderedRows[position] = row
            orderedEntities[position] = entity
        }
        return (FixedValues(orderedRows), FixedValues(orderedEntities), starts)
    }
}

extension ViewFeatures {
    /// The expressions that the features at `wanted` need. A latest value needs those of all
    /// features, for equal times are ordered by all of them.
    fileprivate func inputs(of wanted: [Int]) -> [TypedExpression] {
        switch self {
        case .latest(let features): features.map(\.expression)
        case .aggregates(let features):
            wanted.flatMap { [features[$0].input, features[$0].filter].compactMap { $0 } }
        }
    }
}

private func distinct(_ expressions: [TypedExpression]) -> [TypedExpression] {
    var seen: Set<TypedExpression> = []
    return expressions.filter { seen.insert($0).inserted }
}

extension ColumnBatch {
    /// A column that the plan says is there.
    package func column(_ name: String) -> Column {
        guard let column = self[name] else { preconditionFailure("the plan names no \(name)") }
        return column
    }

    /// The times of a timestamp column.
    package func int64Values(_ name: String) -> FixedValues<Int64> {
        guard case .int64(let values) = column(name).storage else {
            preconditionFailure("\(name) is not a timestamp")
        }
        return values
    }

    /// Only the columns of `names`.
    package func keeping(_ names: [String]) -> ColumnBatch {
        let wanted = Set(names)
        let kept = zip(schema.fields, columns).filter { wanted.contains($0.0.name) }
        return ColumnBatch(
            schema: Schema(kept.map(\.0)), columns: kept.map(\.1), rowCount: rowCount)
    }
}

extension Column {
    /// The rows where a condition holds: a null does not pass.
    var trueRows: Bitmap {
        guard case .bits(let bits) = storage else { return Bitmap(repeating: false, count: count) }
        return validity.map { bits.combined(with: $0, &) } ?? bits
    }
}

/// Which rows of an input are null; none when there is no input.
struct NullRows: Sendable {
    private let validity: Bitmap?

    init(of column: Column?) {
        validity = column?.validity
    }

    subscript(row: Int) -> Bool {
        guard let validity else { return false }
        return !validity[row]
    }
}

extension FixedValues where Element == Int64 {
    /// The values at `rows`.
    func gathered(at rows: FixedValues<Int32>) -> FixedValues<Int64> {
        var builder = FixedValuesBuilder<Int64>(capacity: rows.count)
        for index in 0..<rows.count { builder.append(self[Int(rows[index])]) }
        return builder.finish()
    }
}

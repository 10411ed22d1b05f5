import Columns
import Definitions
import JSONParsing
import Planning
import Values

/// The rows of a batch while its records are decoded.
///
/// A record that turns out to be no row in its middle leaves a row behind that is taken out at the
/// end, which costs nothing when there is none.
struct RowsUnderWay {
    private let source: SourcePlan
    private var columns: [ColumnAppender]
    private var knownAt: ColumnAppender
    private var offsets: [Int64] = []
    private var rejected: [RejectedRecord] = []
    private var broken: Set<Int> = []
    private var rowCount = 0

    init(_ source: SourcePlan, capacity: Int) {
        self.source = source
        columns = source.schema.fields.map { ColumnAppender(type: $0.type, capacity: capacity) }
        knownAt = ColumnAppender(type: .timestamp, capacity: capacity)
        offsets.reserveCapacity(capacity)
    }

    /// Appends the cell at `position` of a document, 0 for none, as the next one of a column.
    mutating func append(
        _ tape: JSONTape, at position: Int, toColumn column: Int, zone: ZoneTable?
    ) throws(RecordFault) {
        if position == 0 {
            columns[column].appendNull()
        } else if !columns[column].append(tape, at: position, zone: zone) {
            throw .wrong(tape, at: position, for: source.schema.fields[column], zone)
        }
    }

    /// Appends what a record has beside its value as the next cell of a column.
    mutating func append(
        _ part: RecordPart, of batch: RecordBatch, _ index: Int, toColumn column: Int,
        zone: ZoneTable?
    ) throws(RecordFault) {
        let field = source.schema.fields[column]
        switch part {
        case .timestamp:
            if let time = batch.timestamps[index] {
                columns[column].append(integer: time)
            } else {
                columns[column].appendNull()
            }
        case .key:
            let value = try Scalar(batch.key(at: index), "the key", for: field, zone)
            columns[column].append(value)
        case .header(let name):
            let text = batch.header(name, at: index)
            let value = try Scalar(text?[...], "the header \(name)", for: field, zone)
            columns[column].append(value)
        }
    }

    /// Ends a row of which every column has its cell.
    mutating func finishRow(offset: Int64, knownAt time: Int64?) {
        offsets.append(offset)
        if let time { knownAt.append(integer: time) }
        rowCount += 1
    }

    /// Keeps a record as it came; what it left in some columns becomes a broken row.
    mutating func reject(_ index: Int, of batch: RecordBatch, for fault: RecordFault) {
        rejected.append(
            RejectedRecord(
                offset: batch.offsets[index], timestamp: batch.timestamps[index],
                key: batch.key(at: index).map { Array($0) },
                value: batch.value(at: index).map { Array($0) }, reason: fault.reason))
        guard columns.contains(where: { $0.count > rowCount }) else { return }
        for column in columns.indices where columns[column].count == rowCount {
            columns[column].appendNull()
        }
        if source.knownAt == nil { knownAt.append(integer: 0) }
        broken.insert(rowCount)
        rowCount += 1
    }

    /// The rows and what was none.
    consuming func finish(_ batch: RecordBatch) -> StreamRows {
        var rows = ColumnBatch(
            schema: source.schema, columns: columns.map { $0.finish() }, rowCount: rowCount)
        var known = source.knownAt == nil ? knownAt.finish() : nil
        if !broken.isEmpty {
            let kept = FixedValues((0..<rowCount).filter { !broken.contains($0) }.map(Int32.init))
            rows = rows.gathering(kept)
            known = known?.gathering(kept)
        }
        rows = rows.computing(source.computed)
        if let known { rows = rows.appending(known, named: StreamRows.knownAt) }
        return StreamRows(
            partition: batch.partition, end: (batch.offsets.last ?? -1) &+ 1, offsets: offsets,
            batch: rows, rejected: rejected)
    }
}

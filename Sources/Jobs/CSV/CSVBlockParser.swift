import Columns
import Values

/// The rows of one block and what was wrong with the others.
struct CSVBlockResult: Sendable {
    let batch: ColumnBatch
    let faults: [CSVFault]
}

/// Turns blocks of one CSV file into batches under a schema. Pure, so blocks may run in parallel.
struct CSVBlockParser: Sendable {
    let schema: Schema
    let header: CSVHeader
    let nullTexts: [[UInt8]]
    let zone: ZoneTable?

    init(schema: Schema, header: CSVHeader, options: CSVOptions, zone: ZoneTable?) {
        self.schema = schema
        self.header = header
        nullTexts = options.nullTexts.map { Array($0.utf8) }
        self.zone = zone
    }

    /// The good rows of `block` in order; a row with several faults is reported once, with the
    /// fault of its first column.
    func parse(_ block: CSVBlock) -> CSVBlockResult {
        let records = CSVRecords(
            block.bytes.span, slots: header.slots, firstLine: block.firstLine)
        var columns: [Column] = []
        var faults: [Int: CSVFault] = [:]
        for (slot, field) in schema.fields.enumerated() {
            var parser = CSVColumnParser(
                bytes: block.bytes, records: records, slot: slot, field: field,
                nullTexts: nullTexts, zone: zone)
            columns.append(parser.parse())
            for (row, fault) in parser.faults where faults[row] == nil { faults[row] = fault }
        }
        let all = ColumnBatch(schema: schema, columns: columns, rowCount: records.lines.count)
        return CSVBlockResult(
            batch: faults.isEmpty ? all : all.dropping(faults.keys),
            faults: (records.faults + faults.values).sorted { $0.line < $1.line })
    }
}

extension ColumnBatch {
    fileprivate func dropping(_ rows: some Collection<Int>) -> ColumnBatch {
        let dropped = Set(rows)
        var kept = FixedValuesBuilder<Int32>(capacity: rowCount - dropped.count)
        for row in 0..<rowCount where !dropped.contains(row) { kept.append(Int32(row)) }
        return gathering(kept.finish())
    }
}

import Columns
import Definitions
import JSONParsing
public import Planning
public import Values

/// Makes rows of a source of the records of its topic.
///
/// A value is one JSON object: a declared column is the member of its name, other members are
/// ignored, a missing member and `null` are null. The value is validated as a whole and parsed where
/// it stands in the batch, its members are found in one pass, and cells of the commonest types go
/// straight to their columns. A record that is no row never stops the others: it is rejected with
/// its reason, also when it is poisoned on purpose.
///
/// For one thread at a time.
public struct RecordDecoder {
    private let source: SourcePlan
    private let zone: ZoneTable?
    private let members: MemberTable
    /// The columns that members are for, and those that are taken from beside the value.
    private let memberColumns: [Int]
    private let recordColumns: [(column: Int, part: RecordPart)]
    private let parser = SimdjsonParser()
    /// Where each column's value stands in the document; 0 = nowhere.
    private var positions: [Int]

    /// Decodes records of `source`.
    ///
    /// - Parameters:
    ///   - source: what the rows are; its schema may be pruned to the columns that are needed.
    ///   - zone: the zone that `source` declares; may be left out when it declares none, or one
    ///     that needs no database.
    public init(source: SourcePlan, zone: ZoneTable? = nil) {
        self.source = source
        self.zone = zone ?? source.zone.flatMap { ZoneTable(fixed: $0) }
        precondition(source.zone == nil || self.zone != nil, "the declared zone is needed")
        let recordColumns = (source.stream?.recordColumns ?? []).compactMap { column in
            source.schema.index(of: column.name).map { (column: $0, part: column.part) }
        }
        let names = source.schema.fields.map(\.name)
        let memberColumns = names.indices.filter { column in
            !recordColumns.contains { $0.column == column }
        }
        members = MemberTable(
            names.indices.map { memberColumns.contains($0) ? names[$0] : nil })
        self.memberColumns = memberColumns
        self.recordColumns = recordColumns
        positions = Array(repeating: 0, count: source.schema.fields.count)
    }

    /// The headers that batches must keep.
    public var headerNames: [String] { source.stream?.headerNames ?? [] }

    /// Makes each record a row or a rejected record.
    ///
    /// The values of a batch must be less than 2 GiB together. Complexity: O(bytes).
    public mutating func decode(_ batch: RecordBatch) -> StreamRows {
        var rows = RowsUnderWay(source, capacity: batch.count)
        for index in 0..<batch.count {
            do throws(RecordFault) {
                let knownAt = try knownAt(index, of: batch)
                try decodeValue(index, of: batch, into: &rows)
                for (column, part) in recordColumns {
                    try rows.append(part, of: batch, index, toColumn: column, zone: zone)
                }
                rows.finishRow(offset: batch.offsets[index], knownAt: knownAt)
            } catch {
                rows.reject(index, of: batch, for: error)
            }
        }
        return rows.finish(batch)
    }

    /// When the row became known by the record; nil when the row says it.
    private func knownAt(_ index: Int, of batch: RecordBatch) throws(RecordFault) -> Int64? {
        if source.knownAt != nil { return nil }
        guard let timestamp = batch.timestamps[index] else { throw .withoutTimestamp }
        return timestamp
    }

    private mutating func decodeValue(
        _ index: Int, of batch: RecordBatch, into rows: inout RowsUnderWay
    ) throws(RecordFault) {
        let outcome: Result<Void, RecordFault> = unsafe batch.withPaddedValue(at: index) { value in
            guard let value = unsafe value else { return .failure(.deletion) }
            return unsafe parser.parse(padded: value) { document in
                do throws(RecordFault) {
                    return .success(try append(document, to: &rows))
                } catch {
                    return .failure(error)
                }
            }
        }
        try outcome.get()
    }

    private mutating func append(
        _ document: Result<JSONTape, SimdjsonParser.Failure>, to rows: inout RowsUnderWay
    ) throws(RecordFault) {
        switch document {
        case .failure(let failure): throw .noJSON(failure.message)
        case .success(let tape):
            guard case .object = tape.kind(at: tape.root) else { throw .noObject(tape) }
            try findMembers(in: tape)
            for column in memberColumns {
                try rows.append(tape, at: positions[column], toColumn: column, zone: zone)
            }
        }
    }

    private mutating func findMembers(in tape: JSONTape) throws(RecordFault) {
        for column in positions.indices { positions[column] = 0 }
        try tape.forEachMemberName(of: tape.root) { name throws(RecordFault) in
            guard let column = members.column(ofNameAt: name, in: tape) else { return }
            guard positions[column] == 0 else { throw .twice(source.schema.fields[column].name) }
            positions[column] = name + 1
        }
    }
}

package import Columns
package import CommitProtocol
package import Records
package import Values

/// The columns that the rows of a stream have in an event log beside those of their source.
package enum StreamColumn {
    /// The number of the partition.
    package static let partition = "_partition"
    /// The place in it.
    package static let offset = "_offset"
    /// Both.
    package static let all = [partition, offset]
    /// Both, with their types.
    package static let fields = [
        Field(name: partition, type: .int32), Field(name: offset, type: .int64),
    ]
}

/// What an event log takes of an append: the stream's rows, in the log's columns.
package struct PreparedAppend {
    /// Rows of the log's columns.
    package private(set) var rows: ColumnBatch
    /// Their event times; none is null.
    package private(set) var eventTimes: Column
    /// The place of each row.
    package private(set) var offsets: [Int64]
    /// Records that are no rows, by their places.
    package private(set) var rejected: [RejectedRecord]

    /// Takes the rows from `start` on that are the stream's.
    ///
    /// A row without an event time is no row of the log, as in an append of an interval; here it is
    /// kept with the rejected records.
    ///
    /// - Parameters:
    ///   - append: what came.
    ///   - start: the worker's position; records before it are there already.
    ///   - cut: where the batch side ends.
    ///   - schema: the columns of the log.
    /// - Throws: `schema` for columns that the log does not have.
    package init(
        _ append: StreamAppend, from start: Position, cut: StreamCut, schema: Schema
    ) throws(StoreError) {
        rows = try append.rows.fitting(schema)
        eventTimes = append.eventTimes
        offsets = append.offsets
        let range = start.offset..<append.end.offset
        rejected = append.rejected.filter { range.contains($0.offset) }
        let timeless = (0..<Int32(rows.rowCount)).filter {
            range.contains(offsets[Int($0)]) && eventTimes.isNull(Int($0))
        }
        for row in timeless { reject(row, because: "the row has no event time") }
        keep(
            cut.positions(isBatch: false, in: rows, eventTimes: eventTimes).filter {
                range.contains(offsets[Int($0)])
            })
    }

    /// Moves rows that a store cannot hold to the rejected records.
    package mutating func reject(_ refused: [(row: Int32, reason: String)]) {
        for (row, reason) in refused { reject(row, because: reason) }
        let gone = Set(refused.map(\.row))
        keep((0..<Int32(rows.rowCount)).filter { !gone.contains($0) })
    }

    /// Some of the rows, without the rejected records.
    package func part(_ rows: Range<Int32>) -> PreparedAppend {
        var part = self
        part.rejected = []
        part.keep(Array(rows))
        return part
    }

    private mutating func reject(_ row: Int32, because reason: String) {
        let fields = zip(rows.schema.fields, rows.columns)
        let text = fields.map { "\($0.name) = \($1.scalar(at: Int(row)).plainText)" }.joined(
            separator: "\n")
        rejected.append(
            RejectedRecord(
                offset: offsets[Int(row)], timestamp: nil, key: nil, value: Array(text.utf8),
                reason: reason))
        rejected.sort { $0.offset < $1.offset }
    }

    private mutating func keep(_ kept: [Int32]) {
        if kept.count == rows.rowCount { return }
        let positions = FixedValues(kept)
        rows = rows.gathering(positions)
        eventTimes = eventTimes.gathering(positions)
        offsets = kept.map { offsets[Int($0)] }
    }
}

/// The rows among `rows` that are refused, each with the reason.
///
/// - Parameters:
///   - rows: some rows.
///   - reason: why rows are refused as a whole; nil when they are not.
/// - Returns: their positions, ascending.
/// - Throws: what `reason` throws.
///
/// Complexity: O(refused rows · log(rows)) calls of `reason`.
package func refusedRows<Failure>(
    _ rows: Range<Int32>, _ reason: (Range<Int32>) throws(Failure) -> String?
) throws(Failure) -> [(row: Int32, reason: String)] {
    guard !rows.isEmpty, let whole = try reason(rows) else { return [] }
    if rows.count == 1 { return [(rows.lowerBound, whole)] }
    let middle = rows.lowerBound + Int32(rows.count / 2)
    return try refusedRows(rows.lowerBound..<middle, reason)
        + refusedRows(middle..<rows.upperBound, reason)
}

extension ColumnBatch {
    /// The same rows in the columns of a log: widened, and null where they lack one.
    fileprivate func fitting(_ schema: Schema) throws(StoreError) -> ColumnBatch {
        if self.schema == schema { return self }
        for field in self.schema.fields where schema.type(of: field.name) == nil {
            throw StoreError(
                .schema, "the event log has no column '\(field.name)', which the stream has",
                hint: "begin the stream again with its columns")
        }
        let columns = try schema.fields.map { field throws(StoreError) in
            guard let column = self[field.name] else {
                return Column(nullsOf: field.type, count: rowCount)
            }
            guard let widened = column.widened(to: field.type) else {
                throw StoreError(
                    .schema,
                    "column '\(field.name)' of the stream is \(column.type), and \(field.type) in "
                        + "the event log", hint: "give another source another name")
            }
            return widened
        }
        return ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
    }
}

extension Scalar {
    /// The value for people who look at a rejected row.
    fileprivate var plainText: String {
        switch self {
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): hexadecimal(bytes)
        case .timestamp(let time): "\(time)"
        case .date(let days): "\(CivilDate(daysSinceEpoch: Int64(days)))"
        case .duration(let duration): "\(duration)"
        case .decimal(let number): "\(number)"
        case .list(let elements):
            "[" + elements.map(\.plainText).joined(separator: ", ") + "]"
        case .null: "null"
        }
    }
}

public import Columns
import Definitions
import JSONParsing
public import Planning
import Values

/// Makes records of the topic of a source of its rows: the inverse of `RecordDecoder`.
///
/// The value is one JSON object without the members that are null; the key is what `keyed_by` and
/// `record_columns` say; the timestamp is when the row became known, in milliseconds, as Kafka keeps
/// it. Made for edges: a value at a time, not by whole columns.
public struct RecordEncoder: Sendable {
    private let source: SourcePlan
    private let members: [Field]
    private let parts: [RecordColumn]
    private let keyedBy: [String]

    /// Makes records of `source`.
    public init(source: SourcePlan) {
        self.source = source
        let parts = source.stream?.recordColumns ?? []
        members = source.schema.fields.filter { field in
            !parts.contains { $0.name == field.name }
        }
        self.parts = parts
        let hasKey = parts.contains { $0.part == .key }
        keyedBy = hasKey ? [] : source.stream?.keyedBy ?? []
    }

    /// The columns, declared and computed, that batches must have.
    public var columnNames: [String] {
        var names = source.schema.fields.map(\.name)
        let others = keyedBy + [source.eventTime] + [source.knownAt].compactMap { $0 }
        for name in others where !names.contains(name) { names.append(name) }
        return names
    }

    /// The record of a row.
    ///
    /// - Parameters:
    ///   - row: below the batch's number of rows.
    ///   - batch: rows with the columns `columnNames`.
    /// - Returns: what is to be sent.
    /// - Throws: `unwritable`, naming the column and the value.
    public func record(
        of row: Int, in batch: ColumnBatch
    ) throws(RecordError) -> OutgoingRecord {
        var record = OutgoingRecord(
            key: try key(row, batch), value: try value(row, batch), timestamp: nil, headers: [])
        var timestampColumn: String?
        for column in parts {
            let value = batch[column.name]?.scalar(at: row) ?? .null
            switch column.part {
            case .timestamp: timestampColumn = column.name
            case .key: record.key = try bytes(of: value, column.name)
            case .header(let name):
                guard let bytes = try bytes(of: value, column.name) else { continue }
                record.headers.append((name, bytes))
            }
        }
        record.timestamp = try timestamp(row, batch, of: timestampColumn)
        return record
    }

    private func value(_ row: Int, _ batch: ColumnBatch) throws(RecordError) -> [UInt8] {
        var text = JSONText()
        text.open("{")
        for field in members {
            guard let column = batch[field.name], !column.isNull(row) else { continue }
            text.name(field.name)
            let value = column.scalar(at: row)
            try naming(field.name) { () throws(RecordError) in try text.write(value) }
        }
        text.close("}")
        return text.bytes
    }

    /// One column as its text, several as a JSON array; nil when one column is null.
    private func key(_ row: Int, _ batch: ColumnBatch) throws(RecordError) -> [UInt8]? {
        guard let first = keyedBy.first else { return nil }
        guard keyedBy.count > 1 else {
            return try bytes(of: batch[first]?.scalar(at: row) ?? .null, first)
        }
        var text = JSONText()
        text.open("[")
        for name in keyedBy {
            let value = batch[name]?.scalar(at: row) ?? .null
            try naming(name) { () throws(RecordError) in try text.write(value) }
        }
        text.close("]")
        return text.bytes
    }

    private func bytes(of value: Scalar, _ column: String) throws(RecordError) -> [UInt8]? {
        switch value {
        case .null: nil
        case .bytes(let bytes): bytes
        default:
            Array(
                try naming(column) { () throws(RecordError) in try value.recordText() }.utf8)
        }
    }

    /// When the row became known, else when it happened.
    private func timestamp(
        _ row: Int, _ batch: ColumnBatch, of column: String?
    ) throws(RecordError) -> Int64? {
        let names = column.map { [$0] } ?? [source.knownAt, source.eventTime].compactMap { $0 }
        let time = names.lazy.compactMap { name -> EventTime? in
            if case .timestamp(let time)? = batch[name]?.scalar(at: row) { time } else { nil }
        }.first
        if let time, time.microseconds >= 1000 { return time.microseconds / 1000 }
        if column == nil, source.knownAt != nil { return nil }
        throw RecordError(
            .unwritable,
            "column '\(names[0])': \(time.map { "\($0)" } ?? "null") cannot be the timestamp of a "
                + "record, which is after 1970",
            hint: column == nil
                ? "declare known_at, so that the value says when a row became known"
                : "take the column from the value instead")
    }

    private func naming<Value>(
        _ column: String, _ body: () throws(RecordError) -> Value
    ) throws(RecordError) -> Value {
        do {
            return try body()
        } catch {
            throw RecordError(
                error.code, "column '\(column)': \(error.message)", hint: error.hint)
        }
    }
}

import Columns
import Parquet
import Records
import Stores
import Values

/// A file with records that were no rows.
enum DeadLetterFile {
    static let schema = Schema([
        Field(name: "partition", type: .int32), Field(name: "offset", type: .int64),
        Field(name: "timestamp", type: .timestamp), Field(name: "key", type: .bytes),
        Field(name: "value", type: .bytes), Field(name: "reason", type: .string),
    ])

    /// The records as a batch.
    static func batch(of letters: [DeadLetter]) -> ColumnBatch {
        let records = letters.map(\.record)
        let cells: [[Scalar]] = [
            letters.map { .integer(Int64($0.partition)) }, records.map { .integer($0.offset) },
            records.map {
                $0.timestamp.map { .timestamp(EventTime(microseconds: $0)) } ?? .null
            }, records.map { $0.key.map(Scalar.bytes) ?? .null },
            records.map { $0.value.map(Scalar.bytes) ?? .null },
            records.map { .string($0.reason) },
        ]
        return ColumnBatch(
            schema: schema, columns: zip(schema.fields, cells).map { Column(type: $0.type, $1) },
            rowCount: letters.count)
    }

    /// The records of a file that the log lists.
    static func read(
        _ listed: LakeFile, in folder: String
    ) throws(LakeError) -> [DeadLetter] {
        let file = try listed.open(in: folder)
        var letters: [DeadLetter] = []
        for group in file.rowGroups.indices {
            let batch = try asLakeError { () throws(ParquetError) in
                try file.read(rowGroup: group, columns: schema.fields.map(\.name))
            }
            guard batch.schema == schema else {
                throw .corrupt(file.path, "is no file of rejected records")
            }
            letters += (0..<batch.rowCount).map { DeadLetter(batch.columns, at: $0) }
        }
        return letters
    }
}

extension DeadLetter {
    fileprivate init(_ columns: [Column], at row: Int) {
        let cells = columns.map { $0.scalar(at: row) }
        self.init(
            partition: Int32(truncatingIfNeeded: cells[0].number ?? 0),
            record: RejectedRecord(
                offset: cells[1].number ?? 0, timestamp: cells[2].number, key: cells[3].bytes,
                value: cells[4].bytes, reason: cells[5].text))
    }
}

extension Scalar {
    fileprivate var number: Int64? {
        switch self {
        case .integer(let number): number
        case .timestamp(let time): time.microseconds
        default: nil
        }
    }

    fileprivate var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { return bytes }
        return nil
    }

    fileprivate var text: String {
        if case .string(let text) = self { return text }
        return ""
    }
}

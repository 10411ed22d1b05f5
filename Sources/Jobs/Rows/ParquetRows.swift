import Columns
import Parquet
import PointInTime
import Values
import Workers

/// The rows of Parquet files as the engine reads them: a chunk is a row group.
///
/// Files are opened once; rows are read again whenever they are asked for, so that memory stays
/// bounded by what is in flight.
struct ParquetRows: BatchRows {
    struct File: Sendable {
        let parquet: ParquetFile
        let folderValues: [String: String]
    }

    let files: [File]
    /// Who the rows belong to, for messages: `source departures` or `the spine`.
    let subject: String
    /// What decides the rows, where the files are a copy of rows from elsewhere.
    let origin: JSONValue?
    private let zone: ZoneTable
    private let chunks: [(file: Int, rowGroup: Int)]

    /// Opens all files at `path` (see `ParquetPath`).
    init(
        path: String, subject: String, zone: ZoneTable = .utc, workers: Int = 1,
        origin: JSONValue? = nil
    ) throws {
        let entries = try ParquetPath(path, describedAs: subject).entries
        let files = try concurrentMap(count: entries.count, workers: workers) { index in
            File(
                parquet: try ParquetFile(path: entries[index].path),
                folderValues: entries[index].folderValues)
        }
        self.files = files
        self.subject = subject
        self.origin = origin
        self.zone = zone
        chunks = files.indices.flatMap { file in
            files[file].parquet.rowGroups.indices.map { (file, $0) }
        }
    }

    var chunkCount: Int { chunks.count }

    var totalRowCount: Int { files.reduce(0) { $0 + $1.parquet.rowCount } }

    func rowCount(chunk: Int) -> Int { group(chunk).rowCount }

    /// Which file a chunk is of.
    func file(ofChunk chunk: Int) -> Int { chunks[chunk].file }

    /// The least and greatest time in the column `name` of a chunk, as the file says; nil when it
    /// does not say, or not as instants.
    func storedSpan(of name: String, chunk: Int) -> ClosedRange<Int64>? {
        let file = files[chunks[chunk].file].parquet
        guard file.schema.type(of: name) == .timestamp,
            !file.columnsWithoutZone.contains(name) || zone == .utc,
            let statistics = group(chunk).statistics(of: name),
            case .timestamp(let least)? = statistics.minimum,
            case .timestamp(let greatest)? = statistics.maximum, least <= greatest
        else { return nil }
        return least.microseconds...greatest.microseconds
    }

    /// Reads with doubles made canonical and narrower types widened.
    func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let stored = try readStored(chunk: chunk, schema: schema)
        let columns = try zip(schema.fields, stored.columns).map { field, column in
            guard let widened = column.converted(to: field.type) else {
                throw mismatch(field, column, files[chunks[chunk].file].parquet.path)
            }
            return widened.canonical
        }
        return ColumnBatch(schema: schema, columns: columns, rowCount: stored.rowCount)
    }

    /// Reads the columns of `schema` with the types that they have in the file.
    func readStored(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let file = files[chunks[chunk].file]
        let names = schema.fields.map(\.name)
        let held = names.filter { file.parquet.schema.index(of: $0) != nil }
        let batch = try file.parquet.read(rowGroup: chunks[chunk].rowGroup, columns: held)
        let columns = try schema.fields.map { field in
            try column(field, of: batch, in: file)
        }
        return ColumnBatch(
            schema: Schema(
                zip(names, columns).map { Field(name: $0, type: $1.type) }),
            columns: columns, rowCount: batch.rowCount(orFrom: group(chunk)))
    }

    /// Refuses files in which a column of `schema` is missing or has a type that does not widen.
    func check(_ schema: Schema, allowing extra: (DataType, DataType) -> Bool = { _, _ in false })
        throws(JobError)
    {
        for file in files {
            for field in schema.fields { try check(field, in: file, extra) }
        }
    }

    private func group(_ chunk: Int) -> RowGroup {
        files[chunks[chunk].file].parquet.rowGroups[chunks[chunk].rowGroup]
    }

    private func column(_ field: Field, of batch: ColumnBatch, in file: File) throws -> Column {
        if let column = batch[field.name] {
            let isLocal = file.parquet.columnsWithoutZone.contains(field.name) && zone != .utc
            return isLocal ? column.asInstants(in: zone) : column
        }
        try check(field, in: file) { _, _ in false }
        let text = file.folderValues[field.name] ?? ""
        guard let value = folderValue(text, as: field.type) else {
            throw JobError(
                .usage,
                "\(subject): '\(text)' in the folder name of \(file.parquet.path) is no "
                    + "\(field.type)",
                hint: "rename the folder or change the type of '\(field.name)'")
        }
        return Column(type: field.type, repeating: value, count: batch.rowCount)
    }

    private func check(
        _ field: Field, in file: File, _ extra: (DataType, DataType) -> Bool
    ) throws(JobError) {
        let path = file.parquet.path
        if let stored = file.parquet.schema.type(of: field.name) {
            if stored.isReadable(as: field.type) || extra(stored, field.type) { return }
            throw mismatch(field, stored, path)
        }
        if let broken = file.parquet.unsupportedColumns.first(where: { $0.name == field.name }) {
            throw JobError(
                .usage,
                "\(subject): column '\(field.name)' of \(path) cannot be read: \(broken.reason)")
        }
        if file.folderValues[field.name] != nil { return }
        let guess = nearestName(
            to: field.name, among: file.parquet.schema.fields.map(\.name))
        throw JobError(
            .usage, "\(subject): \(path) has no column '\(field.name)'",
            hint: guess.map { "the nearest name in the file is '\($0)'" }
                ?? "the file has "
                + file.parquet.schema.fields.map { "'\($0.name)'" }.joined(separator: ", "))
    }

    private func mismatch(_ field: Field, _ column: Column, _ path: String) -> JobError {
        guard case .vector(let length) = field.type,
            let row = column.firstRow(noVectorOf: length)
        else { return mismatch(field, column.type, path) }
        return JobError(
            .usage,
            "\(subject): '\(field.name)' is a \(field.type), but \(path) has "
                + "\(column.scalar(at: row).vectorFault)",
            hint: "mend the file, or declare it as list<float> and compute "
                + "cast(\(field.name) as \(field.type)), which is null where the length differs")
    }

    private func mismatch(_ field: Field, _ stored: DataType, _ path: String) -> JobError {
        JobError(
            .usage,
            "\(subject): column '\(field.name)' is \(stored) in \(path), \(field.type) is needed",
            hint:
                "types only widen (int32 to int64, float to double, more digits): declare it as \(stored) or "
                + "write the file with \(field.type)")
    }
}

extension Scalar {
    /// Why a list is no vector.
    fileprivate var vectorFault: String {
        guard case .list(let items) = self else { return "a null" }
        return items.contains(.null)
            ? "one with a null element" : "one of \(items.count) elements"
    }
}

extension ColumnBatch {
    fileprivate func rowCount(orFrom group: RowGroup) -> Int {
        columns.isEmpty ? group.rowCount : rowCount
    }
}

/// The value that a folder's name carries; Hive's word for null is understood.
private func folderValue(_ text: String, as type: DataType) -> Scalar? {
    if text == "__HIVE_DEFAULT_PARTITION__" { return .null }
    let bytes = Array(text.utf8)
    switch type {
    case .string: return .string(text)
    case .int32:
        if case .value(let value) = parseInteger(bytes.span, as: Int32.self) {
            return .integer(Int64(value))
        }
    case .int64:
        if case .value(let value) = parseInteger(bytes.span, as: Int64.self) {
            return .integer(value)
        }
    case .date:
        if case .value(let days) = parseDate(bytes.span) { return .date(days) }
    case .bool:
        if case .value(let value) = parseBool(bytes.span) { return .bool(value) }
    default: break
    }
    return nil
}

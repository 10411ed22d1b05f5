public import Columns
public import Values
import Workers

/// Writes a Parquet file, which appears under its name on `close()` or never.
///
/// Rows are gathered into row groups of exactly `rowGroupRows` rows (fewer when a column has more
/// than a GiB of strings), so that the bytes depend on the rows and the options alone, not on how
/// the rows were cut into batches. A writer that is let
/// go without `close()`, or after a failure, leaves nothing. Not for use by two threads at once.
public final class ParquetWriter {
    /// The types of the columns.
    public let schema: Schema
    /// How many rows were written so far.
    public private(set) var rowCount = 0

    private let options: ParquetWriterOptions
    private let leaves: [WrittenLeaf]
    private let path: String
    private var file: OutputFile?
    private var pending: [ColumnAccumulator] = []
    private var pendingRows = 0
    private var groups: [RowGroupMetadata] = []

    /// Starts a file at `path`, whose folder must exist.
    ///
    /// - Throws: `io`; `unsupported` for a type that files do not have.
    public init(
        path: String, schema: Schema, options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws(ParquetError) {
        self.path = path
        self.schema = schema
        self.options = options
        do throws(ParquetError) {
            var leaves: [WrittenLeaf] = []
            for field in schema.fields { leaves.append(try WrittenLeaf(field)) }
            self.leaves = leaves
            let file = try OutputFile(path: path)
            try file.write(Array("PAR1".utf8))
            self.file = file
        } catch {
            throw error.inFile(path)
        }
        pending = schema.fields.map { ColumnAccumulator(type: $0.type) }
    }

    /// Appends the rows of `batch`, whose schema must be the file's.
    ///
    /// - Throws: `io`, `unsupported` (a page of 2 GiB). Nothing may be written after a failure.
    public func write(_ batch: ColumnBatch) throws(ParquetError) {
        precondition(batch.schema == schema, "a batch of another schema than the file's")
        var row = 0
        while row < batch.rowCount {
            let rows = row..<min(batch.rowCount, row + options.rowGroupRows - pendingRows)
            let count = zip(pending, batch.columns).reduce(rows.count) { least, pair in
                min(least, pair.0.fittingCount(pair.1, rows: rows))
            }
            if count > 0 { try append(batch, rows: row..<row + count) }
            if count < rows.count { try flush() }
            row += count
        }
        rowCount += batch.rowCount
    }

    private func append(_ batch: ColumnBatch, rows: Range<Int>) throws(ParquetError) {
        // A batch that is a whole row group needs no copy.
        if rows.count == options.rowGroupRows, rows.count == batch.rowCount {
            return try writeGroup(batch.columns, rowCount: rows.count)
        }
        for index in pending.indices { pending[index].append(batch.columns[index], rows: rows) }
        pendingRows += rows.count
        if pendingRows == options.rowGroupRows { try flush() }
    }

    /// Writes what is left and the footer, and gives the file its name.
    ///
    /// - Throws: `io`, `unsupported`. Must be called once; nothing may be written afterwards.
    public func close() throws(ParquetError) {
        try flush()
        try withFile { file throws(ParquetError) in
            let footer = metadata.encoded(leaves: leaves)
            try file.write(footer)
            try file.write(littleEndian(UInt32(footer.count)) + Array("PAR1".utf8))
            try file.publish()
        }
        file = nil
    }

    private var metadata: FileMetadata {
        var metadata = FileMetadata()
        metadata.rowCount = rowCount
        metadata.rowGroups = groups
        metadata.keyValues = options.keyValueMetadata.map { ($0.key, $0.value) }
        metadata.createdBy = "roost version 1.0.0 (build 1)"
        return metadata
    }

    private func flush() throws(ParquetError) {
        guard pendingRows > 0 else { return }
        let columns = pending.map { $0.finish() }
        pending = schema.fields.map { ColumnAccumulator(type: $0.type) }
        let rows = pendingRows
        pendingRows = 0
        try writeGroup(columns, rowCount: rows)
    }

    private func writeGroup(_ columns: [Column], rowCount: Int) throws(ParquetError) {
        var group = RowGroupMetadata()
        group.rowCount = rowCount
        try withFile { file throws(ParquetError) in
            // A few columns at a time, so that a wide row group is never held twice.
            let step = options.workers * 4
            for start in stride(from: 0, to: columns.count, by: step) {
                let part = start..<min(start + step, columns.count)
                for var chunk in try encode(columns, part) {
                    chunk.metadata.move(by: file.position)
                    try file.write(chunk.bytes)
                    group.byteSize += chunk.metadata.uncompressedSize
                    group.chunks.append(chunk.metadata)
                }
            }
        }
        groups.append(group)
    }

    private func encode(
        _ columns: [Column], _ part: Range<Int>
    ) throws(ParquetError) -> [EncodedChunk] {
        let (leaves, options) = (leaves, options)
        return try concurrentMap(count: part.count, workers: options.workers) {
            index throws(ParquetError) in
            let column = part.lowerBound + index
            return try encodeChunk(columns[column], of: leaves[column], options: options)
        }
    }

    /// Calls `body` with the file; on a failure the file is given up.
    private func withFile(
        _ body: (OutputFile) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard let file else {
            throw ParquetError(.io, "the writer was closed or has failed").inFile(path)
        }
        do throws(ParquetError) {
            try body(file)
        } catch {
            self.file = nil
            throw error.inFile(path)
        }
    }
}

extension ChunkMetadata {
    /// Moves the offsets of a chunk encoded at 0 to where it stands.
    fileprivate mutating func move(by offset: Int) {
        dataPageOffset += offset
        if let dictionary = dictionaryPageOffset { dictionaryPageOffset = dictionary + offset }
    }
}

/// The bytes of `value`, least significant first.
func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
}

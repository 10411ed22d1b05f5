public import Columns
public import Values

/// A Parquet file opened for reading.
///
/// Its row groups may be read from any number of threads at once; every read asks the system for
/// the bytes it needs and keeps nothing.
public final class ParquetFile: Sendable {
    /// The path it was opened by.
    public let path: String
    /// The columns that can be read, in the order of the file.
    public let schema: Schema
    /// The columns that the file has and that cannot be read, each with the reason.
    public let unsupportedColumns: [UnsupportedColumn]
    /// The names of timestamp columns that were stored without a zone; they are read as UTC.
    public let columnsWithoutZone: Set<String>
    /// The row groups, in the order of the file.
    public let rowGroups: [RowGroup]
    /// How many rows there are in all row groups.
    public let rowCount: Int
    /// What the writer noted under names of its own.
    public let keyValueMetadata: [String: String]
    /// The program that wrote the file, as it calls itself.
    public let createdBy: String
    /// The bytes of the footer, which change when anything in the file does that readers rely on.
    public let footerBytes: [UInt8]
    /// The size of the file in bytes.
    public var byteSize: Int { file.size }

    let file: InputFile
    private let columns: [String: FileColumn]
    private let dataEnd: Int

    /// A column that is not read.
    public struct UnsupportedColumn: Hashable, Sendable {
        /// The column's name.
        public let name: String
        /// Why it is not read.
        public let reason: String
    }

    /// Opens the file at `path` and reads its footer.
    ///
    /// - Throws: `io`, `notParquet`, `truncated`, `corrupt`, `unsupported` (encrypted footers).
    public init(path: String) throws(ParquetError) {
        do throws(ParquetError) {
            file = try InputFile(path: path)
            let footer = try Footer(of: file)
            let metadata = try FileMetadata(reading: footer.bytes)
            let all = try FileColumn.columns(of: metadata.schema)
            let names = all.map { ($0.name, $0) }
            self.path = path
            dataEnd = footer.start
            footerBytes = footer.bytes.array
            columns = Dictionary(names) { first, _ in first }
            schema = Schema(all.compactMap(\.field))
            unsupportedColumns = all.compactMap(\.unsupported)
            columnsWithoutZone = Set(all.filter(\.isWithoutZone).map(\.name))
            rowGroups = try RowGroup.all(in: metadata, columns: all)
            rowCount = rowGroups.reduce(0) { $0 &+ $1.rowCount }
            keyValueMetadata = Dictionary(metadata.keyValues) { _, last in last }
            createdBy = metadata.createdBy
        } catch {
            throw error.inFile(path)
        }
    }

    /// Reads columns of one row group, in the order of `names`.
    ///
    /// - Parameters:
    ///   - rowGroup: its position in `rowGroups`.
    ///   - names: distinct names of columns; the batch has exactly these.
    /// - Returns: a batch of `rowGroups[rowGroup].rowCount` rows.
    /// - Throws: `missingColumn`, `unsupported`, `truncated`, `corrupt`, `io`.
    public func read(
        rowGroup: Int, columns names: [String]
    ) throws(ParquetError) -> ColumnBatch {
        precondition(rowGroups.indices.contains(rowGroup), "no such row group")
        var fields: [Field] = []
        var decoded: [Column] = []
        for name in names {
            do throws(ParquetError) {
                let (column, chunk) = try find(name, in: rowGroup, besides: fields)
                let reader = ChunkReader(
                    file: file, dataEnd: dataEnd, chunk: chunk, column: column,
                    rowCount: rowGroups[rowGroup].rowCount)
                decoded.append(try reader.read())
                fields.append(Field(name: name, type: column.type))
            } catch {
                throw error.inside("column '\(name)', row group \(rowGroup)").inFile(path)
            }
        }
        return ColumnBatch(
            schema: Schema(fields), columns: decoded, rowCount: rowGroups[rowGroup].rowCount)
    }

    private func find(
        _ name: String, in rowGroup: Int, besides fields: [Field]
    ) throws(ParquetError) -> (ReadableColumn, ChunkMetadata) {
        guard let column = columns[name] else {
            let hint = nearestName(to: name, among: columns.keys).map { "; did you mean '\($0)'?" }
            throw ParquetError(.missingColumn, "the file has no such column\(hint ?? "")")
        }
        guard !fields.contains(where: { $0.name == name }) else {
            throw .unsupported("it is asked for twice; name it once")
        }
        switch column.content {
        case .unsupported(let reason): throw .unsupported(reason)
        case .readable(let readable):
            return (readable, rowGroups[rowGroup].chunks[column.leafIndex])
        }
    }
}

extension FileColumn {
    fileprivate var field: Field? {
        guard case .readable(let column) = content else { return nil }
        return Field(name: name, type: column.type)
    }

    fileprivate var unsupported: ParquetFile.UnsupportedColumn? {
        guard case .unsupported(let reason) = content else { return nil }
        return ParquetFile.UnsupportedColumn(name: name, reason: reason)
    }

    fileprivate var isWithoutZone: Bool {
        guard case .readable(let column) = content else { return false }
        return column.leaf.isWithoutZone
    }
}

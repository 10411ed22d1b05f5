public import Columns
import Parquet
public import PointInTime
public import Stores
public import Values
import Workers

/// The rows of a snapshot as the engines read them: a chunk is a row group.
///
/// Columns that a file does not have, because they were added later, are null; narrower ones are
/// widened. Safe to read from several threads at a time.
public struct LakeRows: BatchRows {
    private let files: [ParquetFile]
    private let chunks: [(file: Int, rowGroup: Int)]

    /// Opens the files of `snapshot` that may hold rows of `interval`.
    ///
    /// - Parameters:
    ///   - snapshot: what to read.
    ///   - interval: the event times wanted: files of other days are left out, rows of other times
    ///     in the files are not; nil = all.
    ///   - workers: how many files to open at a time.
    /// - Throws: `corrupt` when a file is not what the log says; `io`.
    public init(
        _ snapshot: LakeSnapshot, interval: EventInterval? = nil, workers: Int = 1
    ) throws(LakeError) {
        let listed = snapshot.commits.filter { commit in
            interval.map { commit.interval.overlaps($0) } ?? true
        }.flatMap(\.files).filter { file in interval.map { file.mayHold($0) } ?? true }
        let folder = snapshot.folder
        files = try concurrentMap(count: listed.count, workers: workers) {
            index throws(LakeError) in
            let path = "\(folder)/\(listed[index].path)"
            let file = try asLakeError { () throws(ParquetError) in try ParquetFile(path: path) }
            guard file.rowCount == listed[index].rowCount,
                SHA256.hash(file.footerBytes) == listed[index].footerDigest
            else { throw .corrupt(path, "is not the file that was published") }
            return file
        }
        let files = files
        chunks = files.indices.flatMap { file in
            files[file].rowGroups.indices.map { (file, $0) }
        }
    }

    /// How many row groups there are.
    public var chunkCount: Int { chunks.count }

    /// How many rows chunk `chunk` has.
    public func rowCount(chunk: Int) -> Int {
        files[chunks[chunk].file].rowGroups[chunks[chunk].rowGroup].rowCount
    }

    /// Reads columns of a chunk; see `BatchRows`.
    public func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let file = files[chunks[chunk].file]
        let held = schema.fields.map(\.name).filter { file.schema.index(of: $0) != nil }
        let group = chunks[chunk].rowGroup
        let batch = try asLakeError { () throws(ParquetError) in
            try file.read(rowGroup: group, columns: held)
        }
        let count = rowCount(chunk: chunk)
        let columns = try schema.fields.map { field throws(LakeError) in
            guard let column = batch[field.name] else {
                return Column(nullsOf: field.type, count: count)
            }
            guard let widened = column.widened(to: field.type) else {
                throw LakeError(
                    .schema,
                    "column '\(field.name)' is \(column.type) in \(file.path), "
                        + "\(field.type) is needed", hint: "types only widen")
            }
            return widened
        }
        return ColumnBatch(schema: schema, columns: columns, rowCount: count)
    }
}

extension LakeFile {
    /// Whether its day has an instant of `interval`.
    fileprivate func mayHold(_ interval: EventInterval) -> Bool {
        let last = EventTime(microseconds: interval.to.microseconds - 1)
        let days = [interval.from, last].map {
            "ds=\(CivilDate(daysSinceEpoch: $0.daysSinceEpoch))"
        }
        guard let day = path.split(separator: "/").first.map(String.init) else { return true }
        // Days of four-digit years sort as text; others are read to be safe.
        guard (days + [day]).allSatisfy({ $0.utf8.count == 13 }) else { return true }
        return days[0] <= day && day <= days[1]
    }
}

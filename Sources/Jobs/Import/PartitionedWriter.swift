import Columns
import Parquet
import Values

/// Writes batches into one Parquet file per partition folder.
///
/// At most `openLimit` files are open at a time; a partition that comes back after it was closed
/// goes on in another part.
final class PartitionedWriter {
    /// A file that was written.
    struct Part: Hashable, Sendable {
        /// The path inside the target.
        let path: String
        let rows: Int
        let bytes: Int
    }

    private static let openLimit = 256

    private struct Open {
        let path: String
        let writer: ParquetWriter
        var lastUse: Int
    }

    private let root: String
    private let schema: Schema
    private let partition: ImportPartition
    private var open: [String: Open] = [:]
    private var partCounts: [String: Int] = [:]
    private var parts: [Part] = []
    private var clock = 0

    /// Writes below the folder `root`, which must exist.
    init(root: String, schema: Schema, partition: ImportPartition) {
        self.root = root
        self.schema = schema
        self.partition = partition
    }

    /// Appends rows; `times` are their event times.
    func write(_ batch: ColumnBatch, times: Column) throws {
        if partition == .none { return try writer(in: "").write(batch) }
        for (folder, rows) in partition.split(times) {
            var selection = FixedValuesBuilder<Int32>(capacity: rows.count)
            for row in rows { selection.append(row) }
            try writer(in: folder).write(batch.gathering(selection.finish()))
        }
    }

    /// Ends all files.
    func close() throws -> [Part] {
        for folder in open.keys.sorted() { try close(folder) }
        return parts.sorted { $0.path < $1.path }
    }

    private func writer(in folder: String) throws -> ParquetWriter {
        clock += 1
        if let known = open[folder] {
            open[folder]?.lastUse = clock
            return known.writer
        }
        if open.count >= Self.openLimit,
            let oldest = open.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            try close(oldest.key)
        }
        if !folder.isEmpty { try FileSystem.makeFolder(Path.join(root, folder)) }
        let part = partCounts[folder, default: 0]
        partCounts[folder] = part + 1
        let path = Path.join(folder, "part-\(part).parquet")
        let writer = try ParquetWriter(path: Path.join(root, path), schema: schema)
        open[folder] = Open(path: path, writer: writer, lastUse: clock)
        return writer
    }

    private func close(_ folder: String) throws {
        guard let ended = open.removeValue(forKey: folder) else { return }
        try ended.writer.close()
        let bytes = FileSystem.size(of: Path.join(root, ended.path)) ?? 0
        parts.append(Part(path: ended.path, rows: ended.writer.rowCount, bytes: bytes))
    }
}

import Parquet
import Planning
import Values

extension ParquetRows {
    /// Opens the batch rows of `source` of the project in `folder` and checks their columns.
    init(source: SourcePlan, folder: String, workers: Int = 1) throws {
        guard let path = source.parquetPath else {
            throw JobError(.failure, "source '\(source.name)' is not in Parquet files")
        }
        try self.init(
            path: Path.join(folder, path), subject: "source '\(source.name)'",
            zone: try source.zone.map { name throws(JobError) in try .named(name) } ?? .utc,
            workers: workers)
        try check(source.schema)
    }

    /// What a manifest says about the rows: of files the path, size and digest of the footer, which
    /// changes with anything that readers rely on; of a copy what was copied.
    func inputs(below folder: String) -> JSONValue {
        origin ?? .array(files.indices.map { input($0, below: folder) })
    }

    /// What a manifest says about one file.
    func input(_ file: Int, below folder: String) -> JSONValue {
        let parquet = files[file].parquet
        let path = parquet.path
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        return .object([
            "path": .string(path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path),
            "bytes": .count(parquet.byteSize),
            "rows": .count(parquet.rowCount),
            "footer_sha256": .string(hexadecimal(SHA256.hash(parquet.footerBytes))),
        ])
    }
}

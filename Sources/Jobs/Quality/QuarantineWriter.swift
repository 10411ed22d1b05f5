import Columns
import Parquet
import Planning
import PointInTime
import Quality
import Values

/// Writes the rows that expectations set aside to Parquet, with the reason.
///
/// `sources/NAME/ID.parquet` has rows of a source, `views/NAME/ID.parquet` rows that a view alone
/// sets aside. ID stands for what was read and what was expected, so the same again has nothing to
/// write.
struct QuarantineWriter {
    /// The column that names the expectations that a row breaks.
    static let reason = Field(name: "_reason", type: .string)
    /// Inside the project folder.
    static let folder = ".roost/quarantine"

    /// A file that holds rows set aside.
    struct File: Hashable, Sendable {
        let path: String
        let rows: Int
    }

    let scope: QualityScope
    let projectFolder: String
    /// What stands for the rows that were read.
    let identity: String

    /// Reads `chunks` again and writes what is set aside of them.
    ///
    /// - Returns: the files by subject.
    func write(
        _ rows: any BatchRows, chunks: Set<Int>
    ) throws -> [QualityReport.Subject.Identity: File] {
        var files: [QualityReport.Subject.Identity: File] = [:]
        if chunks.isEmpty { return files }
        let source = QualityReport.Subject.Identity.source(scope.source.name)
        files[source] = try write(rows, chunks, scope.expectations, of: source) { $0 }
        for view in scope.views {
            let subject = QualityReport.Subject.Identity.view(view.name)
            files[subject] = try write(rows, chunks, view.expectations, of: subject) {
                $0.counting(for: view)
            }
        }
        return files
    }

    private func write(
        _ rows: any BatchRows, _ chunks: Set<Int>, _ expectations: [Expectation],
        of subject: QualityReport.Subject.Identity, _ select: (ColumnBatch) -> ColumnBatch
    ) throws -> File? {
        let conditions = expectations.filter { $0.keeping != nil }
        if conditions.isEmpty { return nil }
        let path = path(of: subject, conditions)
        try FileSystem.makeFolder(Path.parent(of: path))
        AbandonedFiles.remove(beside: path)
        let fields = scope.source.schema.fields
        let writer = try ParquetWriter(path: path, schema: Schema(fields + [Self.reason]))
        for chunk in chunks.sorted() {
            let batch = try rows.read(chunk: chunk, schema: scope.source.schema)
            let broken = select(scope.computing(batch)).breaking(conditions)
            let kept =
                fields.compactMap { broken[$0.name] } + [broken[Self.reason.name]].compactMap { $0 }
            try writer.write(
                ColumnBatch(
                    schema: Schema(fields + [Self.reason]), columns: kept,
                    rowCount: broken.rowCount))
        }
        if writer.rowCount == 0 { return nil }
        try writer.close()
        return File(path: path, rows: writer.rowCount)
    }

    private func path(
        of subject: QualityReport.Subject.Identity, _ conditions: [Expectation]
    ) -> String {
        var text = "roost quarantine 1\n\(subject)\n\(identity)\n"
        for condition in conditions { text += condition.text + "\n" }
        let digest = hexadecimal(SHA256.hash(Array(text.utf8))).prefix(16)
        return Path.join(
            projectFolder, "\(Self.folder)/\(subject.folder)/\(digest).parquet")
    }
}

extension ColumnBatch {
    /// The rows that break a condition, with the texts of those that they break.
    fileprivate func breaking(_ conditions: [Expectation]) -> ColumnBatch {
        var reasons: [Int32: [String]] = [:]
        for expectation in conditions {
            guard case .holds(let condition) = expectation.rule else { continue }
            for row in condition.breakingRows(of: self) {
                reasons[row, default: []].append(expectation.text)
            }
        }
        let rows = reasons.keys.sorted()
        let texts = rows.map { Scalar.string(reasons[$0, default: []].joined(separator: "; ")) }
        return gathering(FixedValues(rows)).appending(
            Column(type: .string, texts), named: QuarantineWriter.reason.name)
    }
}

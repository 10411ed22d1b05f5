import Values

/// A horizontal slice of a file, which is read at once.
public struct RowGroup: Sendable {
    /// How many rows it has.
    public let rowCount: Int
    /// How many bytes its columns have before compression, as the writer says.
    public let byteSize: Int

    let chunks: [ChunkMetadata]
    private let columns: [String: FileColumn]

    /// What the writer says about the values of the column `name`; nil for unknown columns and for
    /// those that cannot be read. Elements, not lists, are described for a column of lists.
    public func statistics(of name: String) -> ColumnStatistics? {
        guard let column = columns[name], case .readable(let readable) = column.content else {
            return nil
        }
        return ColumnStatistics(chunks[column.leafIndex].statistics, of: readable.leaf)
    }

    static func all(
        in metadata: FileMetadata, columns: [FileColumn]
    ) throws(ParquetError) -> [RowGroup] {
        let byName = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
        let leaves = metadata.schema.dropFirst().count { $0.childCount == 0 }
        var groups: [RowGroup] = []
        var total = 0
        for (index, group) in metadata.rowGroups.enumerated() {
            guard group.chunks.count == leaves else {
                throw .corrupt(
                    "row group \(index) has \(group.chunks.count) columns where the schema has "
                        + "\(leaves)")
            }
            let (sum, overflow) = total.addingReportingOverflow(group.rowCount)
            guard !overflow else { throw .corrupt("more than 2^63 rows") }
            total = sum
            groups.append(
                RowGroup(
                    rowCount: group.rowCount, byteSize: group.byteSize, chunks: group.chunks,
                    columns: byName))
        }
        guard total == metadata.rowCount else {
            throw .corrupt(
                "\(total) rows in the row groups where \(metadata.rowCount) are announced")
        }
        return groups
    }
}

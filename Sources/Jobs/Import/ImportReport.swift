/// What an import did.
public struct ImportReport: Sendable {
    /// The folder that was written.
    public let target: String
    /// How many rows were imported.
    public let rows: Int
    /// How many rows were left out as bad, and listed in `_bad_rows.csv`.
    public let badRows: Int
    /// How many Parquet files were written.
    public let files: Int
    /// Their size in bytes.
    public let bytes: Int
    /// What became of the source's expectations; nil when it has none.
    public let quality: QualityReport?
}

package import Columns

/// Rows of numbers as trees take them: row after row, NaN where a value is missing.
package struct FeatureRows: Sendable {
    /// `rowCount * columnCount` values.
    package let values: FixedValues<Float>
    /// One label per row, or none at all.
    package let labels: FixedValues<Float>
    package let rowCount: Int
    package let columnCount: Int

    /// Wraps values; there must be `columnCount` for each row.
    package init(values: FixedValues<Float>, labels: FixedValues<Float>, columnCount: Int) {
        precondition(columnCount > 0 && values.count % columnCount == 0)
        rowCount = values.count / columnCount
        precondition(labels.count == 0 || labels.count == rowCount)
        self.values = values
        self.labels = labels
        self.columnCount = columnCount
    }
}

/// Rows that are read in batches, as often as needed and always the same.
package protocol FeatureBatches {
    /// How many batches there are.
    var batchCount: Int { get }
    /// The rows of one batch; there may be none.
    func rows(batch: Int) throws -> FeatureRows
}

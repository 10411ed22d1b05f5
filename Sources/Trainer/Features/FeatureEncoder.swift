package import Columns
public import Values

/// Turns columns into the numbers that trees take.
///
/// A bool is 0 or 1; an integer (by way of a double) or a double the nearest number of single precision, but never an
/// infinity: what is greater than any finite number becomes the greatest one. Null and NaN are
/// missing, and trees have a way of their own for missing values. Other types are refused: how a
/// time or a text becomes a number is for a person to say, in a derived feature.
public struct FeatureEncoder: Hashable, Sendable {
    /// The columns in the order in which trees know them.
    public let fields: [Field]

    /// Makes an encoder for columns.
    ///
    /// - Throws: `usage` for a column of a type that is refused.
    public init(_ fields: [Field]) throws(TrainerError) {
        guard !fields.isEmpty else { throw TrainerError(.usage, "a model needs a column") }
        for field in fields where field.type != .bool && !field.type.isNumeric {
            throw TrainerError(
                .usage,
                "the column '\(field.name)' is \(field.type.withArticle), and trees take numbers and bools",
                hint: "leave it out with 'exclude', or derive a number from it")
        }
        self.fields = fields
    }

    /// Encodes the rows of `batch` for which `keep` is true; all of them when it is nil.
    ///
    /// - Parameters:
    ///   - batch: has all columns of the encoder; narrower types, and integers for a
    ///     double, will do.
    ///   - labels: one per row of `batch`, or none at all.
    ///   - keep: the positions of the rows that are wanted.
    /// - Throws: `usage` for a missing column or one of another type.
    /// - Returns: the rows in the order of `keep`.
    package func rows(
        of batch: ColumnBatch, labels: FixedValues<Float>? = nil, keep: [Int]? = nil
    ) throws(TrainerError) -> FeatureRows {
        var columns: [Column] = []
        for field in fields { columns.append(try column(field, of: batch)) }
        let rows = keep ?? Array(0..<batch.rowCount)
        let width = fields.count
        var values = FixedValuesBuilder<Float>(capacity: rows.count * width)
        unsafe values.append(count: rows.count * width) { target in
            for (position, column) in columns.enumerated() {
                unsafe encode(column, rows, into: target, position, width)
            }
        }
        var kept = FixedValuesBuilder<Float>(capacity: labels == nil ? 0 : rows.count)
        if let labels { for row in rows { kept.append(labels[row]) } }
        return FeatureRows(values: values.finish(), labels: kept.finish(), columnCount: width)
    }

    private func column(_ field: Field, of batch: ColumnBatch) throws(TrainerError) -> Column {
        guard let column = batch[field.name] else {
            throw TrainerError(.usage, "the rows have no column '\(field.name)'")
        }
        let isExact = column.type.widens(to: field.type)
        guard isExact || column.type.isInteger && field.type == .double else {
            throw TrainerError(
                .usage,
                "the column '\(field.name)' is \(column.type), but the model was trained on "
                    + "\(field.type)")
        }
        return column
    }
}

/// The values of `column` as labels; null stays NaN.
func labelValues(_ column: Column) -> FixedValues<Float> {
    var values = FixedValuesBuilder<Float>(capacity: column.count)
    unsafe values.append(count: column.count) { target in
        unsafe encode(column, Array(0..<column.count), into: target, 0, 1)
    }
    return values.finish()
}

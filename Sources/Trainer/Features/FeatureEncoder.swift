package import Columns
import Planning
public import Values

/// Turns columns into the numbers that trees take.
///
/// A bool is 0 or 1; an integer or a decimal (by way of a double) or a double the nearest number of
/// single precision, but never an infinity: what is greater than any finite number becomes the
/// greatest one. A vector is as many numbers as it is long. Null and NaN are missing, and trees
/// have a way of their own for missing values. Other types are refused: how a time or a text
/// becomes a number is for a person to say, in a derived feature.
public struct FeatureEncoder: Hashable, Sendable {
    /// The columns in the order in which trees know them.
    public let fields: [Field]

    /// What each number is: the name of its column, or of a vector `name[0]`, `name[1]`, ...
    public var inputNames: [String] { fields.flatMap(\.inputNames) }

    /// Makes an encoder for columns.
    ///
    /// - Throws: `usage` for a column of a type that is refused.
    public init(_ fields: [Field]) throws(TrainerError) {
        guard !fields.isEmpty else { throw TrainerError(.usage, "a model needs a column") }
        for field in fields where !field.type.isModelInput {
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
        let width = inputNames.count
        var values = FixedValuesBuilder<Float>(capacity: rows.count * width)
        unsafe values.append(count: rows.count * width) { target in
            var position = 0
            for column in columns {
                unsafe encode(column, rows, into: target, position, width)
                position += column.type.inputCount
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
        if case .vector = field.type, let vector = column.widened(to: field.type) { return vector }
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

extension Field {
    /// What the numbers that trees see of it are called.
    var inputNames: [String] {
        guard case .vector(let length) = type else { return [name] }
        return (0..<length).map { "\(name)[\($0)]" }
    }
}

extension DataType {
    /// How many numbers trees see of it.
    var inputCount: Int {
        if case .vector(let length) = self { length } else { 1 }
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

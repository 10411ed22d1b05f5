import Columns
import Parquet
import Planning
import Values

/// The rows of one part of a data set, as trees take them.
///
/// A batch is a row group of the file; it is read again whenever it is asked for, so that memory
/// stays bounded by one row group however large the data set is.
struct DatasetRows: FeatureBatches {
    let file: ParquetFile
    /// The column of asking times.
    let time: String
    let label: String
    let encoder: FeatureEncoder
    let split: TimeSplit
    let part: TimeSplit.Part

    var batchCount: Int { file.rowGroups.count }

    func rows(batch: Int) throws -> FeatureRows {
        let names = encoder.fields.map(\.name)
        let own = [time, label].filter { !names.contains($0) }
        let columns = try file.read(rowGroup: batch, columns: names + own)
        let keys = try RowKeys(columns, time: time, label: label)
        let kept = (0..<columns.rowCount).filter { row in
            keys.part(of: row, in: split) == part
        }
        return try encoder.rows(of: columns, labels: keys.labels, keep: kept)
    }
}

/// What decides where a row belongs: its asking time and whether it has a label.
struct RowKeys {
    let labels: FixedValues<Float>
    private let times: FixedValues<Int64>

    init(_ batch: ColumnBatch, time: String, label: String) throws(TrainerError) {
        guard let times = batch[time], case .int64(let values) = times.storage,
            times.type == .timestamp, times.nullCount == 0
        else {
            throw TrainerError(
                .usage, "the data set's column '\(time)' is no timestamp without nulls")
        }
        guard let column = batch[label], column.type.isLabel else {
            throw TrainerError(.usage, "the data set's column '\(label)' is no bool and no number")
        }
        self.times = values
        labels = labelValues(column)
    }

    /// Where `row` belongs; nil when it has no label.
    func part(of row: Int, in split: TimeSplit) -> TimeSplit.Part? {
        if labels[row].isNaN { return nil }
        return split.part(at: EventTime(microseconds: times[row]))
    }
}

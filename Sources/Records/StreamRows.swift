public import Columns
import Planning

/// Records of one partition, decoded: the rows of a source, and what was no row.
public struct StreamRows: Sendable {
    /// The column that says when a row became known where the source declares none: the record's
    /// timestamp.
    public static let knownAt = StreamPlan.knownAt

    /// The number of the partition.
    public let partition: Int32
    /// Behind the last record, whether it became a row or not.
    public let end: Int64
    /// The place of each row; ascending.
    public let offsets: [Int64]
    /// The declared and computed columns of the source, then `knownAt` where it declares none.
    public let batch: ColumnBatch
    /// Records that are no rows.
    public let rejected: [RejectedRecord]

    /// Puts rows together.
    public init(
        partition: Int32, end: Int64, offsets: [Int64], batch: ColumnBatch,
        rejected: [RejectedRecord]
    ) {
        precondition(offsets.count == batch.rowCount, "a row has one offset")
        self.partition = partition
        self.end = end
        self.offsets = offsets
        self.batch = batch
        self.rejected = rejected
    }
}

/// A record that is no row of its source: kept as it came, with the reason.
public struct RejectedRecord: Hashable, Sendable {
    /// Its place in the partition.
    public let offset: Int64
    /// When it was made or taken, microseconds since the Unix epoch.
    public let timestamp: Int64?
    /// Its key, if it has one.
    public let key: [UInt8]?
    /// Its value; nil for a deletion.
    public let value: [UInt8]?
    /// Why it is no row: names the column and the value.
    public let reason: String

    /// Puts a record and its reason together.
    public init(
        offset: Int64, timestamp: Int64?, key: [UInt8]?, value: [UInt8]?, reason: String
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.reason = reason
    }
}

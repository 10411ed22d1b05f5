public import Stores
public import Values

/// One append that was published: an interval and the files that hold its rows.
public struct LakeCommit: Hashable, Sendable {
    /// Its place in the log, counted from 1.
    public internal(set) var version: Int
    /// The event times of its rows.
    public let interval: EventInterval
    /// What decided its rows, as the writer told.
    public let identity: [UInt8]
    /// When it was published, by the writer's clock.
    public let publishedAt: EventTime
    /// The version whose rows it takes the place of; nil when there is none.
    public let replaces: Int?
    /// The columns of its files.
    public let schema: Schema
    /// The files, by day.
    public internal(set) var files: [LakeFile]

    /// How many rows it has.
    public var rowCount: Int { files.reduce(0) { $0 + $1.rowCount } }

    var entry: LoggedInterval {
        LoggedInterval(
            interval: interval, identity: identity, version: version, publishedAt: publishedAt,
            rowCount: rowCount, byteCount: files.reduce(0) { $0 + $1.byteCount })
    }
}

/// A Parquet file with rows of one event day.
public struct LakeFile: Hashable, Sendable {
    /// The path from the source's folder.
    public let path: String
    /// How many rows it has.
    public let rowCount: Int
    /// How long it is.
    public let byteCount: Int
    /// The SHA-256 of its footer, which changes with anything that readers rely on.
    public let footerDigest: [UInt8]
}

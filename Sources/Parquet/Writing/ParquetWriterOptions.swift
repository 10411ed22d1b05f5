/// How a file is laid out. Equal options and rows give equal bytes.
public struct ParquetWriterOptions: Hashable, Sendable {
    /// How pages are compressed.
    public enum Compression: Hashable, Sendable {
        case none
        case snappy
        /// LZ4_RAW.
        case lz4
        /// From 1 (fast) to 19 (small).
        case zstd(level: Int32)
    }

    /// The layout of data pages.
    public enum PageVersion: Hashable, Sendable {
        /// Understood by every reader.
        case v1
        /// Levels stay uncompressed.
        case v2
    }

    /// How pages are compressed.
    public var compression: Compression
    /// The layout of data pages.
    public var pageVersion: PageVersion
    /// How many rows a row group has, but for the last.
    public var rowGroupRows: Int
    /// About how many bytes of values a page has before it is encoded.
    public var pageBytes: Int
    /// Whether columns with few distinct values are stored as a dictionary.
    public var usesDictionary: Bool
    /// How many columns are encoded at a time; the bytes do not depend on it.
    public var workers: Int
    /// What is noted in the footer, in this order.
    public var keyValueMetadata: [KeyValue]

    /// A note in the footer.
    public struct KeyValue: Hashable, Sendable {
        /// The name of the note.
        public var key: String
        /// The note.
        public var value: String

        /// Makes a note.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Makes options; row groups of 1 Mi rows of zstd pages of version 1 unless told otherwise.
    public init(
        compression: Compression = .zstd(level: 1), pageVersion: PageVersion = .v1,
        rowGroupRows: Int = 1 << 20, pageBytes: Int = 1 << 20, usesDictionary: Bool = true,
        workers: Int = 1, keyValueMetadata: [KeyValue] = []
    ) {
        precondition((1...1 << 30).contains(rowGroupRows), "1 to 2^30 rows make a row group")
        precondition((1...1 << 30).contains(pageBytes), "1 to 2^30 bytes make a page")
        precondition(workers >= 1, "at least one worker is needed")
        self.compression = compression
        self.pageVersion = pageVersion
        self.rowGroupRows = rowGroupRows
        self.pageBytes = pageBytes
        self.usesDictionary = usesDictionary
        self.workers = workers
        self.keyValueMetadata = keyValueMetadata
    }
}

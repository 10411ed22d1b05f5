import Aggregates
public import Values

/// Which values occur, and how often each, while there are few different ones.
///
/// Beyond `capacity` distinct values, or with one longer than `longest` bytes, the values are
/// forgotten and only about counted: a bound that depends on what they are, never on their order or
/// split.
public struct DistinctValues: Sendable {
    /// The greatest number of distinct values that are kept.
    public static let capacity = 256
    /// The greatest length of a kept value in bytes.
    public static let longest = 256

    /// A value and how often it occurs.
    public struct Entry: Hashable, Sendable {
        /// The value.
        public let value: Scalar
        /// How often it occurs.
        public var count: Int64
    }

    /// By the hash of the value; nil when there were too many.
    private var entries: [UInt64: Entry]? = [:]
    /// The hashes of all values once they were forgotten.
    private var sketch = DistinctSketch()

    /// Starts with no values.
    public init() {}

    /// How many different values there are: exact while they are known, else with a standard error
    /// of 1.6 %.
    public var count: Int64 { entries.map { Int64($0.count) } ?? sketch.count }

    /// All values, the most frequent first, then by value; nil when there were too many.
    public var sorted: [Entry]? {
        entries?.values.sorted {
            $0.count == $1.count
                ? ValueOrder.compare($0.value, $1.value) < 0 : $0.count > $1.count
        }
    }

    /// Adds a value that occurs `count` times; `value` is asked for when it is the first of its
    /// kind.
    mutating func add(_ hash: UInt64, count: Int64 = 1, value: @autoclosure () -> Scalar) {
        guard let kept = entries?.count else {
            sketch.insert(hash)
            return
        }
        if (entries?[hash]?.count += count) != nil { return }
        let value = value()
        if kept == Self.capacity || value.byteCount > Self.longest {
            forget()
            sketch.insert(hash)
        } else {
            entries?[hash] = Entry(value: value, count: count)
        }
    }

    /// Adds all values of `other`.
    mutating func merge(_ other: DistinctValues) {
        guard let others = other.entries else {
            forget()
            sketch.merge(other.sketch)
            return
        }
        for (hash, entry) in others { add(hash, count: entry.count, value: entry.value) }
    }

    private mutating func forget() {
        for hash in (entries ?? [:]).keys { sketch.insert(hash) }
        entries = nil
    }
}

extension Scalar {
    fileprivate var byteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        default: 8
        }
    }
}

// The bytes: 0 and the sketch; or 1, how many values, and each with its count, in order.
extension DistinctValues {
    func encode(into writer: inout StateWriter) {
        guard let sorted else {
            writer.write(byte: 0)
            sketch.encode(into: &writer)
            return
        }
        writer.write(byte: 1)
        writer.write(UInt64(sorted.count))
        for entry in sorted {
            entry.value.encodeOptional(into: &writer)
            writer.write(UInt64(entry.count))
        }
    }

    init(from reader: inout StateReader, type: DataType) throws(AggregateError) {
        switch try reader.readByte() {
        case 0:
            entries = nil
            sketch = try DistinctSketch(from: &reader)
        case 1:
            for _ in 0..<(try reader.readCount(limit: Self.capacity)) {
                let value = try Scalar(optionalFrom: &reader, type: type)
                let count = Int64(try reader.readCount())
                guard value != .null else { throw reader.corrupt("a value is null") }
                add(value.valueHash, count: count, value: value)
            }
        default: throw reader.corrupt("values are neither kept nor forgotten")
        }
    }
}

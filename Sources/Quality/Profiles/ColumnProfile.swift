public import Aggregates
public import Columns
public import Values

/// What the values of one column are like: counts, bounds, moments, a histogram, the values.
///
/// Of lists and vectors only the lengths are looked at: all that is said of values is said of them.
/// Decimals are kept exactly, but spread and averaged as the doubles nearest to them.
///
/// It is a function of the multiset of values: any order and any split of the rows, merged, gives
/// the same bytes.
public struct ColumnProfile: Sendable {
    /// The column's name and type.
    public let field: Field
    /// How many rows there are.
    public private(set) var rows: Int64 = 0
    /// How many of them are null.
    public private(set) var nulls: Int64 = 0
    /// How many are NaN or infinite: counted here and in nothing below.
    public private(set) var nonFinite: Int64 = 0
    /// The least value; null without values.
    public private(set) var least = Scalar.null
    /// The greatest value; null without values.
    public private(set) var greatest = Scalar.null
    /// The values that occur.
    public private(set) var distinct = DistinctValues()
    /// How numbers and times are spread; times in microseconds, dates in days.
    public private(set) var histogram: AlignedHistogram?
    /// The count, mean and standard deviation of numbers.
    private var moments: Partial?

    /// Starts with no rows.
    public init(_ field: Field) {
        self.field = field
        let averaged = field.type.averaged
        if averaged?.isFloatingPoint == true {
            histogram = .ofDoubles()
        } else if averaged != nil || field.type.isTime {
            histogram = .ofIntegers()
        }
        if let averaged { moments = try? Partial(.stddev, inputType: averaged) }
    }

    /// Adds a column of this name and type.
    ///
    /// Complexity: O(rows).
    public mutating func fold(_ column: Column) {
        precondition(column.type == field.type, "\(field.name) is a column of another type")
        rows += Int64(column.count)
        nulls += Int64(column.nullCount)
        switch column.storage {
        case .none: return
        case .int128(let values): fold(decimals: column, values)
        case .list(let offsets, _):
            fold(integers: column) { Int64(offsets[$0 + 1] - offsets[$0]) }
        case .bits(let bits): fold(column) { .bool(bits[$0]) }
        case .int32(let values): fold(integers: column) { Int64(values[$0]) }
        case .int64(let values): fold(integers: column) { values[$0] }
        case .float(let values): fold(doubles: column) { Double(values[$0]) }
        case .double(let values): fold(doubles: column) { values[$0] }
        case .bytes(let values): fold(column, values)
        }
    }

    /// Adds all rows of `other`, of a column of the same name and type.
    public mutating func merge(_ other: ColumnProfile) {
        precondition(other.field == field, "profiles of different columns do not merge")
        rows += other.rows
        nulls += other.nulls
        nonFinite += other.nonFinite
        widen(to: other.least)
        widen(to: other.greatest)
        distinct.merge(other.distinct)
        if let others = other.histogram { histogram?.merge(others) }
        if let others = other.moments { moments?.merge(others) }
    }
}

extension ColumnProfile {
    /// The mean of finite numbers, exact and rounded once; nil without any, and of anything else.
    public var mean: Double? { moments?.finalise(as: .mean).number }

    /// The sample standard deviation of finite numbers; nil below two, and of anything else.
    public var standardDeviation: Double? { moments?.finalise().number }

    private mutating func fold(_ column: Column, value: (Int) -> Scalar) {
        for row in 0..<column.count where !column.isNull(row) {
            let value = value(row)
            widen(to: value)
            distinct.add(value.valueHash, value: value)
        }
    }

    private mutating func fold(_ column: Column, _ values: BytesValues) {
        let isText = field.type == .string
        var (low, high): (Int?, Int?)
        for row in 0..<column.count where !column.isNull(row) {
            if low.map({ values.compare(row, with: values, $0) < 0 }) ?? true { low = row }
            if high.map({ values.compare(row, with: values, $0) > 0 }) ?? true { high = row }
            let hash = unsafe values.withBytes(at: row) { bytes in unsafe hash64(bytes) }
            distinct.add(hash, value: values.scalar(at: row, isText: isText))
        }
        for row in [low, high].compactMap({ $0 }) {
            widen(to: values.scalar(at: row, isText: isText))
        }
    }

    private mutating func fold(integers column: Column, value: (Int) -> Int64) {
        let type = field.type
        var bounds: (low: Int64, high: Int64)?
        for row in 0..<column.count where !column.isNull(row) {
            let value = value(row)
            let (low, high) = bounds ?? (value, value)
            bounds = (min(low, value), max(high, value))
            histogram?.add(value)
            moments?.fold(.integer(value))
            distinct.add(hash64(ofWord: UInt64(bitPattern: value)), value: type.scalar(value))
        }
        guard let bounds else { return }
        widen(to: type.scalar(bounds.low))
        widen(to: type.scalar(bounds.high))
    }

    private mutating func fold(doubles column: Column, value: (Int) -> Double) {
        var bounds: (low: Double, high: Double)?
        for row in 0..<column.count where !column.isNull(row) {
            let value = value(row).canonical
            distinct.add(hash64(ofWord: value.bitPattern), value: .double(value))
            guard value.isFinite else {
                nonFinite += 1
                continue
            }
            let (low, high) = bounds ?? (value, value)
            bounds = (min(low, value), max(high, value))
            histogram?.add(value)
            moments?.fold(.double(value))
        }
        guard let bounds else { return }
        widen(to: .double(bounds.low))
        widen(to: .double(bounds.high))
    }

    private mutating func fold(decimals column: Column, _ values: FixedValues<Int128>) {
        guard case .decimal(_, let scale) = field.type else { return }
        var bounds: (low: Int128, high: Int128)?
        for row in 0..<column.count where !column.isNull(row) {
            let (low, high) = bounds ?? (values[row], values[row])
            bounds = (min(low, values[row]), max(high, values[row]))
            let value = Decimal128(unscaled: values[row], scale: scale)
            let double = value.double
            histogram?.add(double)
            moments?.fold(.double(double))
            distinct.add(value.valueHash, value: .decimal(value))
        }
        guard let bounds else { return }
        widen(to: .decimal(Decimal128(unscaled: bounds.low, scale: scale)))
        widen(to: .decimal(Decimal128(unscaled: bounds.high, scale: scale)))
    }

    private mutating func widen(to value: Scalar) {
        if value == .null { return }
        if least == .null || ValueOrder.compare(value, least) < 0 { least = value }
        if greatest == .null || ValueOrder.compare(value, greatest) > 0 { greatest = value }
    }
}

extension Partial {
    /// Adds a value of an aggregate that no time matters to.
    fileprivate mutating func fold(_ value: Scalar) {
        let never = EventTime(microseconds: 0)
        fold(value: value, eventTime: never, knownAt: never)
    }
}

extension DataType {
    /// Whether values are points in time.
    var isTime: Bool { self == .timestamp || self == .date }

    /// What a profile looks at: of lists and vectors the lengths.
    fileprivate var measured: DataType { element == nil ? self : .int64 }

    /// The numbers that have a mean and are spread over bins: themselves, or the nearest doubles;
    /// nil when there are none.
    fileprivate var averaged: DataType? {
        if isDecimal { return .double }
        return measured.isNumeric ? measured : nil
    }

    /// The version of the bytes: in the first one decimals and lists were counted and no more.
    fileprivate var profileVersion: UInt8 { isDecimal || element != nil ? 2 : 1 }

    /// The value that an integer of a column stands for.
    fileprivate func scalar(_ value: Int64) -> Scalar {
        switch self {
        case .timestamp: .timestamp(EventTime(microseconds: value))
        case .date: .date(Int32(truncatingIfNeeded: value))
        default: .integer(value)
        }
    }
}

extension BytesValues {
    fileprivate func scalar(at index: Int, isText: Bool) -> Scalar {
        isText ? .string(string(at: index)) : .bytes(array(at: index))
    }
}

extension Scalar {
    var number: Double? {
        if case .double(let number) = self { return number }
        return nil
    }
}

// The bytes: a version; rows, nulls, what is not finite; the bounds; the values, the histogram and
// the moments, the last with its length.
extension ColumnProfile {
    /// The bytes of the state, equal for equal multisets of values.
    public var encoded: [UInt8] {
        var writer = StateWriter()
        writer.write(byte: field.type.profileVersion)
        for count in [rows, nulls, nonFinite] { writer.write(UInt64(count)) }
        least.encodeOptional(into: &writer)
        greatest.encodeOptional(into: &writer)
        distinct.encode(into: &writer)
        histogram?.encode(into: &writer)
        if let bytes = moments?.encoded {
            writer.write(UInt64(bytes.count))
            writer.write(bytes: bytes)
        }
        return writer.bytes
    }

    /// Reads what `encoded` gave for a column of this name and type.
    ///
    /// - Throws: `corruptState` for any other bytes.
    public init(_ field: Field, encoded: [UInt8]) throws(AggregateError) {
        self.init(field)
        var reader = StateReader(encoded)
        let version = try reader.readByte()
        guard (1...field.type.profileVersion).contains(version) else {
            throw reader.corrupt("the profile has another version")
        }
        if version < field.type.profileVersion { (histogram, moments) = (nil, nil) }
        rows = Int64(try reader.readCount())
        nulls = Int64(try reader.readCount())
        nonFinite = Int64(try reader.readCount())
        let measured = field.type.measured
        least = try Scalar(optionalFrom: &reader, type: measured)
        greatest = try Scalar(optionalFrom: &reader, type: measured)
        distinct = try DistinctValues(from: &reader, type: measured)
        if histogram != nil { histogram = try AlignedHistogram(from: &reader) }
        if moments != nil {
            let bytes = try reader.readBytes(count: try reader.readCount())
            moments = try Partial(encoded: Array(bytes))
            guard moments?.function == .stddev, moments?.inputType == field.type.averaged else {
                throw reader.corrupt("the moments are those of something else")
            }
        }
        try reader.finish()
    }
}

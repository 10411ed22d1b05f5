import Columns
import Values

/// Reads the fields of a row of COPY BINARY.
@safe
struct CellReader {
    static let broken = PostgresError(
        .protocolViolation, "PostgreSQL sent a row that cannot be read",
        hint: "the table's columns may have been changed; run 'roost doctor'")

    private let bytes: UnsafeRawBufferPointer
    private let count: Int
    private var position = 0

    /// Starts at the beginning of `bytes`, which must outlive this.
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
        count = bytes.count
    }

    var isAtEnd: Bool { position == count }

    /// Skips the 11 bytes of the signature, the flags and the extension.
    mutating func skipHeader() throws(PostgresError) {
        position = min(15, count)
        let length = try next(Int32.self)
        guard length >= 0, Int(length) <= count - position else { throw Self.broken }
        position += Int(length)
    }

    /// The next number.
    mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(PostgresError) -> Number {
        let width = Number.bitWidth / 8
        guard count - position >= width else { throw Self.broken }
        defer { position += width }
        return unsafe Number(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: type))
    }

    /// The length of the next field; nil for a null.
    mutating func nextLength() throws(PostgresError) -> Int? {
        let length = try next(Int32.self)
        if length == -1 { return nil }
        guard length >= 0, Int(length) <= count - position else { throw Self.broken }
        return Int(length)
    }

    /// Appends the next field to a column.
    mutating func nextCell(into column: inout ColumnAppender) throws(PostgresError) {
        guard let length = try nextLength() else { return column.appendNull() }
        switch column.type {
        case .string, .bytes:
            let text = unsafe Array(bytes[position..<position + length])
            position += length
            column.append(text: text[...])
        default: try nextValue(of: length, into: &column)
        }
    }

    private mutating func nextValue(
        of length: Int, into column: inout ColumnAppender
    ) throws(PostgresError) {
        let end = position + length
        switch column.type {
        case .bool: column.append(integer: try next(UInt8.self) == 0 ? 0 : 1)
        case .int32: column.append(integer: Int64(try next(Int32.self)))
        case .int64: column.append(integer: try next(Int64.self))
        case .float:
            column.append(double: Double(Float(bitPattern: try next(UInt32.self))).canonical)
        case .double: column.append(double: Double(bitPattern: try next(UInt64.self)).canonical)
        case .timestamp: column.append(integer: try nextTimestamp())
        case .date: column.append(integer: Int64(try nextDate()))
        case .decimal(_, let scale):
            column.append(.decimal(try nextDecimal(length, scale: scale)))
        case .list, .vector: column.append(.list(try nextArray(of: column.type)))
        case .null, .duration, .string, .bytes: throw Self.broken
        }
        guard position == end else { throw Self.broken }
    }

    private mutating func nextTimestamp() throws(PostgresError) -> Int64 {
        let microseconds = try next(Int64.self)
        let (time, overflow) = microseconds.addingReportingOverflow(PostgresEpoch.microseconds)
        guard !overflow, microseconds != .min else {
            throw PostgresError(.value, "PostgreSQL sent the time 'infinity', which has no place")
        }
        return time
    }

    private mutating func nextDate() throws(PostgresError) -> Int32 {
        let days = try next(Int32.self)
        let (date, overflow) = days.addingReportingOverflow(PostgresEpoch.days)
        guard !overflow, days != .min else {
            throw PostgresError(.value, "PostgreSQL sent the date 'infinity', which has no place")
        }
        return date
    }

    private mutating func nextDecimal(
        _ length: Int, scale: Int
    ) throws(PostgresError) -> Decimal128 {
        var words: [UInt16] = []
        for _ in 0..<length / 2 { words.append(try next(UInt16.self)) }
        guard let unscaled = BinaryNumeric.unscaled(words, scale: scale) else {
            throw PostgresError(
                .value, "PostgreSQL sent a numeric that is no decimal with \(scale) places")
        }
        return Decimal128(unscaled: unscaled, scale: scale)
    }

    private mutating func nextArray(of type: DataType) throws(PostgresError) -> [Scalar] {
        guard let element = type.element else { throw Self.broken }
        let dimensions = try next(Int32.self)
        _ = try next(Int32.self)
        guard try next(UInt32.self) == element.postgresIdentifier else { throw Self.broken }
        if dimensions == 0 { return [] }
        guard dimensions == 1 else {
            throw PostgresError(.value, "PostgreSQL sent an array of \(dimensions) dimensions")
        }
        let length = try next(Int32.self)
        _ = try next(Int32.self)
        guard length >= 0, Int(length) <= (count - position) / 4 else { throw Self.broken }
        var column = ColumnAppender(type: element, capacity: Int(length))
        for _ in 0..<length { try nextCell(into: &column) }
        let values = column.finish()
        return (0..<Int(length)).map { values.scalar(at: $0) }
    }
}

extension Double {
    /// The same without -0, and with the one NaN.
    fileprivate var canonical: Double {
        isNaN ? Double(bitPattern: 0x7ff8_0000_0000_0000) : self + 0
    }
}

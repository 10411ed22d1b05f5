package import Values

extension DataType {
    /// Writes the type of an argument: a byte, 0 for none; a decimal's is followed by its
    /// precision and scale. Part of the format.
    static func encode(_ type: DataType?, into writer: inout StateWriter) {
        writer.write(byte: tag(type))
        if case .decimal(let precision, let scale) = type {
            writer.write(byte: UInt8(precision))
            writer.write(byte: UInt8(scale))
        }
    }

    private static func tag(_ type: DataType?) -> UInt8 {
        switch type {
        case nil, .null, .duration, .list, .vector: 0
        case .bool: 1
        case .int32: 2
        case .int64: 3
        case .float: 4
        case .double: 5
        case .string: 6
        case .bytes: 7
        case .timestamp: 8
        case .date: 9
        case .decimal: 10
        }
    }

    /// Reads what `encode` wrote.
    static func decode(from reader: inout StateReader) throws(AggregateError) -> DataType? {
        switch try reader.readByte() {
        case 0: nil
        case 1: .bool
        case 2: .int32
        case 3: .int64
        case 4: .float
        case 5: .double
        case 6: .string
        case 7: .bytes
        case 8: .timestamp
        case 9: .date
        case 10: try readDecimal(from: &reader)
        case let tag: throw reader.corrupt("there is no type \(tag)")
        }
    }
}

extension DataType {
    /// How many digits a decimal has; nil for everything else.
    var precision: Int? {
        if case .decimal(let precision, _) = self { precision } else { nil }
    }

    private static func readDecimal(
        from reader: inout StateReader
    ) throws(AggregateError) -> DataType {
        let (precision, scale) = (Int(try reader.readByte()), Int(try reader.readByte()))
        guard (1...Decimal128.greatestPrecision).contains(precision), scale <= precision else {
            throw reader.corrupt("there is no decimal(\(precision),\(scale))")
        }
        return .decimal(precision: precision, scale: scale)
    }
}

extension Scalar {
    /// Whether it is null; cheaper than a comparison.
    var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// Whether it is a value that is not null of a type that states hold.
    func isOfType(_ type: DataType?) -> Bool {
        switch (self, type) {
        case (.bool, .bool), (.integer, .int32), (.integer, .int64), (.double, .float),
            (.double, .double), (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp),
            (.date, .date):
            true
        case (.decimal(let number), .decimal(_, let scale)): number.scale == scale
        default: false
        }
    }

    /// Writes a value of a known type; null writes nothing.
    func encode(into writer: inout StateWriter) {
        switch self {
        case .bool(let value): writer.write(byte: value ? 1 : 0)
        case .integer(let value): writer.write(signed: value)
        case .double(let value): writer.write(fixed: value.canonical.bitPattern)
        case .string(let value):
            writer.write(UInt64(value.utf8.count))
            writer.write(bytes: value.utf8)
        case .bytes(let value):
            writer.write(UInt64(value.count))
            writer.write(bytes: value)
        case .timestamp(let value): writer.write(signed: value.microseconds)
        case .date(let value): writer.write(signed: Int64(value))
        case .decimal(let value): writer.write(signed: value.unscaled)
        case .null, .duration, .list: break
        }
    }

    /// Writes 0 for null, or 1 and the value.
    package func encodeOptional(into writer: inout StateWriter) {
        writer.write(byte: isNull ? 0 : 1)
        encode(into: &writer)
    }

    /// Reads what `encodeOptional` wrote.
    package init(
        optionalFrom reader: inout StateReader, type: DataType?
    ) throws(AggregateError) {
        switch try reader.readByte() {
        case 0: self = .null
        case 1: try self.init(from: &reader, type: type)
        default: throw reader.corrupt("a value is neither there nor null")
        }
    }

    /// Reads what `encode` wrote of a value of type `type`.
    init(from reader: inout StateReader, type: DataType?) throws(AggregateError) {
        switch type {
        case .bool: self = .bool(try reader.readBool())
        case .int32: self = .integer(Int64(try reader.readInt32()))
        case .int64: self = .integer(try reader.readSigned())
        case .float, .double: self = .double(try reader.readDouble(isFloat: type == .float))
        case .string: self = .string(try reader.readString())
        case .bytes: self = .bytes(Array(try reader.readBytes(count: try reader.readCount())))
        case .timestamp:
            self = .timestamp(EventTime(microseconds: try reader.readSigned()))
        case .date: self = .date(try reader.readInt32())
        case .decimal(let precision, let scale):
            self = .decimal(try reader.readDecimal(precision: precision, scale: scale))
        case nil, .null, .duration, .list, .vector:
            throw reader.corrupt("a value has no type")
        }
    }
}

extension StateReader {
    mutating func readBool() throws(AggregateError) -> Bool {
        let byte = try readByte()
        guard byte < 2 else { throw corrupt("a bool is \(byte)") }
        return byte == 1
    }

    mutating func readInt32() throws(AggregateError) -> Int32 {
        guard let value = Int32(exactly: try readSigned()) else {
            throw corrupt("a value does not fit 32 bits")
        }
        return value
    }

    mutating func readDouble(isFloat: Bool) throws(AggregateError) -> Double {
        let bits = try readFixed()
        let value = Double(bitPattern: bits)
        guard value.canonical.bitPattern == bits else { throw corrupt("a double is not canonical") }
        guard !isFloat || value.isNaN || Double(Float(value)) == value else {
            throw corrupt("a float has too many digits")
        }
        return value
    }

    fileprivate mutating func readDecimal(
        precision: Int, scale: Int
    ) throws(AggregateError) -> Decimal128 {
        let digits = try readSigned128()
        guard Decimal128.fits(digits, precision: precision) else {
            throw corrupt("a decimal has more than \(precision) digits")
        }
        return Decimal128(unscaled: digits, scale: scale)
    }

    fileprivate mutating func readString() throws(AggregateError) -> String {
        String(decoding: try readText(), as: UTF8.self)
    }

    /// The bytes of a text.
    mutating func readText() throws(AggregateError) -> ArraySlice<UInt8> {
        let bytes = try readBytes(count: try readCount())
        let isText =
            bytes.allSatisfy { $0 < 128 } || String(validating: bytes, as: UTF8.self) != nil
        guard isText else { throw corrupt("a text is not UTF-8") }
        return bytes
    }
}

extension RankedValue {
    /// Writes the times, then the value by `encodeValue`.
    func encode(
        into writer: inout StateWriter, value encodeValue: (Scalar, inout StateWriter) -> Void
    ) {
        writer.write(signed: eventTime.microseconds)
        writer.write(signed: knownAt.microseconds)
        encodeValue(value, &writer)
    }
}

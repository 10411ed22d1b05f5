package import Values

extension Scalar {
    /// What `value` means in a column of `type`; nil when it is no such value.
    ///
    /// Nothing is converted that could lose its meaning: `1.0` and `"1"` are no int64, for a key
    /// that silently misses is worse than an error. Whole numbers are timestamps as seconds since
    /// 1970 in the years that a text can name, so that milliseconds are refused.
    ///
    /// - Parameters:
    ///   - value: what JSON tells.
    ///   - type: what it must be.
    ///   - zone: whose clock a timestamp without a zone was read from; nil refuses it.
    package init?(_ value: JSONCell, type: DataType, zone: ZoneTable? = nil) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.bool(let flag), .bool): self = .bool(flag)
        case (.integer(let number), .int64): self = .integer(number)
        case (.integer(let number), .int32):
            guard Int32(exactly: number) != nil else { return nil }
            self = .integer(number)
        case (_, .double), (_, .float):
            guard let number = value.double(as: type) else { return nil }
            self = .double(number)
        case (.string(let text), .string): self = .string(text)
        case (.string(let text), .bytes):
            guard let bytes = decodedBase64(text.utf8) else { return nil }
            self = .bytes(bytes)
        case (.string(let text), .timestamp):
            guard let time = try? EventTime(parsing: Array(text.utf8), zone: zone) else {
                return nil
            }
            self = .timestamp(time)
        case (.integer(let seconds), .timestamp):
            guard let time = EventTime(wholeSeconds: seconds) else { return nil }
            self = .timestamp(time)
        case (.string(let text), .date):
            guard let days = EventTime.days(parsing: text.utf8) else { return nil }
            self = .date(days)
        case (.string, .decimal), (.integer, .decimal), (.unsigned, .decimal), (.double, .decimal):
            guard let number = Decimal128(value, type) else { return nil }
            self = .decimal(number)
        case (.array(let items), .list), (.array(let items), .vector):
            guard let list = Scalar(items, type: type, zone: zone) else { return nil }
            self = list
        default: return nil
        }
    }

    private init?(_ items: [JSONCell], type: DataType, zone: ZoneTable?) {
        guard let element = type.element else { return nil }
        var scalars: [Scalar] = []
        scalars.reserveCapacity(items.count)
        for item in items {
            guard let scalar = Scalar(item, type: element, zone: zone) else { return nil }
            scalars.append(scalar)
        }
        if case .vector(let length) = type {
            guard scalars.count == length, !scalars.contains(.null) else { return nil }
        }
        self = .list(scalars)
    }
}

extension JSONCell {
    /// The number as a column of `float` or `double` holds it, without -0; nil when it is none, or
    /// beyond the greatest float.
    fileprivate func double(as type: DataType) -> Double? {
        switch self {
        case .integer(let number): type == .float ? Double(Float(number)) : Double(number)
        case .unsigned(let number): type == .float ? Double(Float(number)) : Double(number)
        case .double(let number): type == .float ? number.asFloat : number + 0
        case .null, .bool, .string, .array: nil
        }
    }
}

extension Double {
    /// The nearest float, without -0; nil when it is beyond the greatest one.
    package var asFloat: Double? {
        let float = Float(self)
        return float.isFinite || !isFinite ? Double(float + 0) : nil
    }
}

extension EventTime {
    /// So many seconds after 1970, in the years 0 to 9999; nil outside them.
    package init?(wholeSeconds seconds: Int64) {
        guard (-62_167_219_200..<253_402_300_800).contains(seconds) else { return nil }
        self.init(microseconds: seconds * 1_000_000)
    }
}

extension Decimal128 {
    /// An exact text, a whole number, or a number of so few digits that its double stands for it
    /// alone.
    fileprivate init?(_ value: JSONCell, _ type: DataType) {
        guard case .decimal(let precision, let scale) = type else { return nil }
        switch value {
        case .string(let text): self.init(parsing: text, precision: precision, scale: scale)
        case .integer(let number):
            self.init(parsing: String(number), precision: precision, scale: scale)
        case .unsigned(let number):
            self.init(parsing: String(number), precision: precision, scale: scale)
        case .double(let number):
            self.init(written: number, precision: precision, scale: scale)
        default: return nil
        }
    }
}

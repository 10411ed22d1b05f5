import Values

extension Scalar {
    /// What `value` means in a column of `type`; nil when it is no such value.
    ///
    /// Nothing is converted that could lose its meaning: `1.0` and `"1"` are no int64, for a key
    /// that silently misses is worse than an error.
    ///
    /// - Parameters:
    ///   - value: what JSON tells.
    ///   - type: what it must be.
    ///   - zoneless: the offset from UTC of a timestamp without a zone; nil refuses it.
    init?(_ value: RequestValue, type: DataType, zoneless: EventDuration? = nil) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.bool(let flag), .bool): self = .bool(flag)
        case (.integer(let number), .int64): self = .integer(number)
        case (.integer(let number), .int32):
            guard Int32(exactly: number) != nil else { return nil }
            self = .integer(number)
        case (.integer(let number), .double): self = .double(Double(number))
        case (.integer(let number), .float): self = .double(Double(Float(number)))
        case (.double(let number), .double): self = .double(number + 0)
        case (.double(let number), .float): self = .double(Double(Float(number) + 0))
        case (.string(let text), .string): self = .string(text)
        case (.string(let text), .timestamp):
            guard let time = try? EventTime(parsing: text, zoneless: zoneless) else { return nil }
            self = .timestamp(time)
        case (.integer(let seconds), .timestamp):
            let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
            guard !overflow else { return nil }
            self = .timestamp(EventTime(microseconds: micros))
        case (.string(let text), .date):
            guard text.utf8.count == 10, let day = try? EventTime(parsing: text + "T00:00:00Z"),
                let days = Int32(exactly: day.daysSinceEpoch)
            else { return nil }
            self = .date(days)
        case (.string, .decimal), (.integer, .decimal), (.double, .decimal):
            guard let number = Decimal128(value, type) else { return nil }
            self = .decimal(number)
        case (.array(let items), .list), (.array(let items), .vector):
            guard let list = Scalar(items, type: type) else { return nil }
            self = list
        default: return nil
        }
    }

    private init?(_ items: [RequestValue], type: DataType) {
        guard let element = type.element else { return nil }
        var scalars: [Scalar] = []
        scalars.reserveCapacity(items.count)
        for item in items {
            guard let scalar = Scalar(item, type: element) else { return nil }
            scalars.append(scalar)
        }
        if case .vector(let length) = type {
            guard scalars.count == length, !scalars.contains(.null) else { return nil }
        }
        self = .list(scalars)
    }
}

extension Decimal128 {
    /// An exact text, a whole number, or a number of so few digits that its double stands for it
    /// alone.
    fileprivate init?(_ value: RequestValue, _ type: DataType) {
        guard case .decimal(let precision, let scale) = type else { return nil }
        switch value {
        case .string(let text): self.init(parsing: text, precision: precision, scale: scale)
        case .integer(let number):
            self.init(parsing: String(number), precision: precision, scale: scale)
        case .double(let number):
            self.init(written: number, precision: precision, scale: scale)
        default: return nil
        }
    }
}

extension RequestValue {
    /// What it is, for a message; a text is cut at 40 characters.
    var words: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "the text '\(text.prefix(40))'"
        case .array(let items): "a list of \(items.count)"
        }
    }
}

import Values

extension Scalar {
    /// What `value` means as a value of `type`; nil when it is no such value.
    ///
    /// Nothing is converted that could lose its meaning: a text is no number but for a decimal,
    /// and a number with a fraction no integer.
    init?(_ value: JSONValue, type: DataType) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.bool(let flag), .bool): self = .bool(flag)
        case (.integer(let number), .int32), (.integer(let number), .int64),
            (.integer(let number), .float), (.integer(let number), .double),
            (.integer(let number), .decimal):
            guard let scalar = Scalar(text: String(number), type: type) else { return nil }
            self = scalar
        case (.double(let number), .float), (.double(let number), .double):
            guard number.isFinite else { return nil }
            self = .double(type == .float ? Double(Float(number) + 0) : number + 0)
        case (.double(let number), .decimal(let precision, let scale)):
            let decimal = Decimal128(written: number, precision: precision, scale: scale)
            guard let decimal else { return nil }
            self = .decimal(decimal)
        case (.string(let text), .string), (.string(let text), .bytes),
            (.string(let text), .timestamp), (.string(let text), .date),
            (.string(let text), .decimal):
            guard let scalar = Scalar(text: text, type: type) else { return nil }
            self = scalar
        case (.array(let items), _): self.init(items, type: type)
        default: return nil
        }
    }

    private init?(_ items: [JSONValue], type: DataType) {
        guard let element = type.element else { return nil }
        var scalars: [Scalar] = []
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

public import Values

extension JSONValue {
    /// A value as JSON shows it: times as text, numbers that JSON lacks as text.
    public init(_ value: Scalar) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .double(let number): self = number.isFinite ? .double(number) : .string("\(number)")
        case .string(let text): self = .string(text)
        case .bytes(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .timestamp(let time): self = .string(time.description)
        case .date(let days):
            let midnight = EventTime(microseconds: Int64(days) * 86_400_000_000)
            self = .string(String(midnight.description.prefix(10)))
        case .duration(let duration): self = .string(duration.description)
        case .decimal(let number): self = .string(number.description)
        case .list(let elements): self = .array(elements.map { JSONValue($0) })
        }
    }
}

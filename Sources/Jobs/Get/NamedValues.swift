import Values

/// Values that are asked for in words, `name=value` each.
enum NamedValues {
    /// Reads `words`.
    ///
    /// - Parameters:
    ///   - words: what was written.
    ///   - fields: the names and types that there are, at least one.
    ///   - kind: what they are, for messages.
    /// - Returns: the values by name.
    /// - Throws: `usage` for a word that does not fit.
    static func parse(
        _ words: [String], as fields: [Field], of kind: String
    ) throws(JobError) -> [String: Scalar] {
        var values: [String: Scalar] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw JobError(
                    .usage, "'\(word)' is no name=value", hint: "write \(fields[0].name)=VALUE")
            }
            let name = String(parts[0])
            guard let field = fields.first(where: { $0.name == name }) else {
                throw unknown(kind, name, among: fields.map(\.name))
            }
            guard values[name] == nil else {
                throw JobError(.usage, "'\(name)' is given twice")
            }
            values[name] = try parse(String(parts[1]), as: field)
        }
        return values
    }

    /// Refuses values without one of the keys.
    static func require(
        _ keys: [Field], in values: [String: Scalar]
    ) throws(JobError) {
        for key in keys where values[key.name] == nil {
            throw JobError(
                .usage, "the key '\(key.name)' is missing",
                hint: "write \(keys.map { "\($0.name)=..." }.joined(separator: " "))")
        }
    }

    private static func parse(_ text: String, as field: Field) throws(JobError) -> Scalar {
        if let value = Scalar(text: text, type: field.type) { return value }
        let example =
            switch field.type {
            case .timestamp: "; write it as 2013-01-31T10:00:00Z"
            case .list, .vector: "; write it as a JSON array, [1, 2]"
            default: ""
            }
        throw JobError(.usage, "'\(text)' is no \(field.type) for '\(field.name)'\(example)")
    }
}

extension Scalar {
    /// Reads the text of a value of `type`; nil when it has another form.
    init?(text: String, type: DataType) {
        let bytes = Array(text.utf8)
        let span = bytes.span
        switch type {
        case .string: self = .string(text)
        case .bytes: self = .bytes(bytes)
        case .bool:
            guard case .value(let value) = parseBool(span) else { return nil }
            self = .bool(value)
        case .int32:
            guard case .value(let value) = parseInteger(span, as: Int32.self) else { return nil }
            self = .integer(Int64(value))
        case .int64:
            guard case .value(let value) = parseInteger(span, as: Int64.self) else { return nil }
            self = .integer(value)
        case .float:
            guard case .value(let value) = parseFloat(span) else { return nil }
            self = .double(Double(value.isNaN ? .nan : value + 0))
        case .double:
            guard case .value(let value) = parseDouble(span) else { return nil }
            self = .double(value.isNaN ? .nan : value + 0)
        case .timestamp:
            guard case .value(let value) = parseTimestamp(span, zone: nil) else { return nil }
            self = .timestamp(EventTime(microseconds: value))
        case .date:
            guard case .value(let days) = parseDate(span) else { return nil }
            self = .date(days)
        case .decimal(let precision, let scale):
            guard
                let number = Decimal128(parsing: text, precision: precision, scale: scale)
            else { return nil }
            self = .decimal(number)
        case .list, .vector:
            guard let json = JSONValue(parsing: text), json != .null,
                let list = Scalar(json, type: type)
            else { return nil }
            self = list
        case .null, .duration: return nil
        }
    }
}

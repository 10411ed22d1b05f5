import Columns
public import Lookup
public import Planning
public import Stores
public import Values

/// One online lookup of one row, asked in words.
public struct GetJob: Sendable {
    private let service: ServicePlan
    private let store: any OnlineStore

    /// Prepares the lookup of `service`.
    public init(service: ServicePlan, store: any OnlineStore) {
        self.service = service
        self.store = store
    }

    /// Looks up the row that `words` (`name=value` each) describe, as of `now`.
    ///
    /// Request columns that are not given are null.
    /// - Throws: `usage` for words that do not fit the service; `LookupError` when the store has no
    ///   answer.
    public func run(_ words: [String], now: EventTime) throws -> LookupAnswer {
        let lookup = OnlineLookup(plan: service)
        let keys = lookup.keyFields
        let fields =
            keys
            + service.request.filter { field in
                !keys.contains { $0.name == field.name }
            }
        let values = try parse(words, fields)
        for key in keys where values[key.name] == nil {
            throw JobError(
                .usage, "the key '\(key.name)' is missing",
                hint: "write \(keys.map { "\($0.name)=..." }.joined(separator: " "))")
        }
        let row = ColumnBatch(
            schema: Schema(fields),
            columns: fields.map { Column(type: $0.type, [values[$0.name] ?? .null]) }, rowCount: 1)
        return try lookup.answer(entities: row, now: now, from: store)
    }

    private func parse(
        _ words: [String], _ fields: [Field]
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
                throw unknown("key or request column", name, among: fields.map(\.name))
            }
            guard values[name] == nil else {
                throw JobError(.usage, "'\(name)' is given twice")
            }
            values[name] = try parse(String(parts[1]), as: field)
        }
        return values
    }

    private func parse(_ text: String, as field: Field) throws(JobError) -> Scalar {
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

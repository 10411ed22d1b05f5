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
        let values = try NamedValues.parse(words, as: fields, of: "key or request column")
        try NamedValues.require(keys, in: values)
        let row = ColumnBatch(
            schema: Schema(fields),
            columns: fields.map { Column(type: $0.type, [values[$0.name] ?? .null]) }, rowCount: 1)
        return try lookup.answer(entities: row, now: now, from: store)
    }
}

import Columns
import Lookup
import Planning
import Stores
import Values

/// A service that is ready to be asked: its lookup, and the types of what a request must bring.
struct PreparedLookup: Sendable {
    let name: String
    /// The names without their view, in the order of the answer.
    let shortNames: [String]
    private let fullNames: [String]
    private let lookup: OnlineLookup
    private let keys: [String]
    private let fields: [Field]

    init(_ service: ServicePlan, store: any OnlineStore) {
        name = service.name
        lookup = OnlineLookup(plan: service, store: store)
        let keyFields = lookup.keyFields
        keys = keyFields.map(\.name)
        let names = Set(keys)
        fields = keyFields + service.request.filter { !names.contains($0.name) }
        shortNames = service.features.map(\.shortName) + service.derived.map(\.name)
        fullNames = service.features.map(\.column) + service.derived.map(\.name)
    }

    /// Asks for all features, or for those at the places `wanted`.
    func answer(
        _ request: OnlineFeaturesRequest, wanted: [Int]?
    ) throws(ServiceError) -> OnlineFeaturesResponse {
        let entities = try columns(of: request.entities, count: request.entityCount)
        let answer = try answer(entities, now: request.now)
        let names = request.fullFeatureNames ? fullNames : shortNames
        let features = (wanted ?? Array(names.indices)).map { place in
            OnlineFeaturesResponse.Feature(
                name: names[place], values: answer.columns[place],
                statuses: answer.statuses[place], eventTimes: answer.eventTimes[place])
        }
        return OnlineFeaturesResponse(keys: keys, features: features)
    }

    /// What a model may see of the entities: request columns, features and derived features, by
    /// their full names.
    func inputs(
        _ entities: [EntityValues], count: Int, now: EventTime
    ) throws(ServiceError) -> ColumnBatch {
        let asked = try columns(of: entities, count: count)
        let answer = try answer(asked, now: now)
        let names = Set(answer.fields.map(\.name))
        let others = asked.schema.fields.indices.filter { place in
            !names.contains(asked.schema.fields[place].name)
        }
        return ColumnBatch(
            schema: Schema(answer.fields + others.map { asked.schema.fields[$0] }),
            columns: answer.columns + others.map { asked.columns[$0] }, rowCount: count)
    }

    private func answer(
        _ entities: ColumnBatch, now: EventTime
    ) throws(ServiceError) -> LookupAnswer {
        do throws(LookupError) {
            return try lookup.answer(entities: entities, now: now)
        } catch {
            throw ServiceError(Self.code(of: error), error.description)
        }
    }

    private func columns(
        of entities: [EntityValues], count: Int
    ) throws(ServiceError) -> ColumnBatch {
        var columns: [Column] = []
        for field in fields {
            guard let values = entities.first(where: { $0.name == field.name }) else {
                let isKey = keys.contains(field.name)
                throw ServiceError(
                    .badRequest,
                    "the \(isKey ? "join key" : "request column") '\(field.name)' is missing from "
                        + "'entities': '\(name)' needs \(fields.map(\.name).joined(separator: ", "))"
                )
            }
            var column = ColumnAppender(type: field.type, capacity: count)
            for value in values.values {
                guard let scalar = Scalar(value, type: field.type) else {
                    throw ServiceError(
                        .badRequest,
                        "'\(field.name)' is \(field.type); \(value.words) in row "
                            + "\(column.count) is none")
                }
                column.append(scalar)
            }
            columns.append(column.finish())
        }
        return ColumnBatch(schema: Schema(fields), columns: columns, rowCount: count)
    }

    private static func code(of error: LookupError) -> ServiceError.Code {
        switch error.code {
        case .badRequest: .badRequest
        case .notMaterialized: .unavailable
        case .outdated: .conflict
        default: .unavailable
        }
    }
}

extension Scalar {
    /// What `value` means in a column of `type`; nil when it is no such value.
    ///
    /// Nothing is converted that could lose its meaning: `1.0` and `"1"` are no int64, for a key
    /// that silently misses is worse than an error.
    fileprivate init?(_ value: RequestValue, type: DataType) {
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
            guard let time = try? EventTime(parsing: text) else { return nil }
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
        default: return nil
        }
    }
}

extension RequestValue {
    /// What it is, for a message; a text is cut at 40 characters.
    fileprivate var words: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "the text '\(text.prefix(40))'"
        }
    }
}

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

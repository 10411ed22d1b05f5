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

    init(_ service: ServicePlan) {
        name = service.name
        lookup = OnlineLookup(plan: service)
        let keyFields = lookup.keyFields
        keys = keyFields.map(\.name)
        let names = Set(keys)
        fields = keyFields + service.request.filter { !names.contains($0.name) }
        shortNames = service.features.map(\.shortName) + service.derived.map(\.name)
        fullNames = service.features.map(\.column) + service.derived.map(\.name)
    }

    /// Asks for all features, or for those at the places `wanted`.
    func question(
        _ request: OnlineFeaturesRequest, wanted: [Int]?
    ) throws(ServiceError) -> PlannedLookup<OnlineFeaturesResponse> {
        let names = request.fullFeatureNames ? fullNames : shortNames
        return try plan(request.entities, request.entityCount, request.now) { [keys] _, answer in
            let features = (wanted ?? Array(names.indices)).map { place in
                OnlineFeaturesResponse.Feature(
                    name: names[place], values: answer.columns[place],
                    statuses: answer.statuses[place], eventTimes: answer.eventTimes[place])
            }
            return OnlineFeaturesResponse(keys: keys, features: features)
        }
    }

    /// What a model may see of the entities: request columns, features and derived features, by
    /// their full names.
    func inputs(
        _ entities: [EntityValues], count: Int, now: EventTime
    ) throws(ServiceError) -> PlannedLookup<ColumnBatch> {
        try plan(entities, count, now) { asked, answer in
            let names = Set(answer.fields.map(\.name))
            let others = asked.schema.fields.indices.filter { place in
                !names.contains(asked.schema.fields[place].name)
            }
            return ColumnBatch(
                schema: Schema(answer.fields + others.map { asked.schema.fields[$0] }),
                columns: answer.columns + others.map { asked.columns[$0] }, rowCount: count)
        }
    }

    private func plan<Answer>(
        _ entities: [EntityValues], _ count: Int, _ now: EventTime,
        _ shape: @escaping (_ asked: ColumnBatch, _ answer: LookupAnswer) -> Answer
    ) throws(ServiceError) -> PlannedLookup<Answer> {
        let asked = try columns(of: entities, count: count)
        let requests = try serviceErrors { () throws(LookupError) in
            try lookup.requests(for: asked)
        }
        return PlannedLookup(requests: requests) { [lookup] stored throws(ServiceError) in
            try serviceErrors { () throws(LookupError) in
                shape(asked, try lookup.answer(entities: asked, stored: stored, now: now))
            }
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
            columns.append(try values.column(of: field.type))
        }
        return ColumnBatch(schema: Schema(fields), columns: columns, rowCount: count)
    }
}

/// A lookup whose states are still to be read.
struct PlannedLookup<Answer> {
    /// What must be read.
    let requests: [StoreRequest]
    /// Makes the answer of one stored answer per request.
    let answer: (ArraySlice<StoreAnswer>) throws(ServiceError) -> Answer
}

extension PlannedLookup {
    /// The same as a question to a store.
    func question(to store: ServedStore) -> StoreQuestion<Answer> {
        StoreQuestion(requests, of: store) { [answer] stored throws(ServiceError) in
            try answer(read(stored)[...])
        }
    }
}

/// What was read, or the error of a service that could not be read.
func read(
    _ stored: Result<[StoreAnswer], StoreError>
) throws(ServiceError) -> [StoreAnswer] {
    switch stored {
    case .success(let answers): return answers
    case .failure(let error): throw ServiceError(LookupError(error))
    }
}

/// Runs `body` and says its failure in the words of services.
private func serviceErrors<Result>(
    _ body: () throws(LookupError) -> Result
) throws(ServiceError) -> Result {
    do throws(LookupError) {
        return try body()
    } catch {
        throw ServiceError(error)
    }
}

extension ServiceError {
    fileprivate init(_ error: LookupError) {
        let code: Code =
            switch error.code {
            case .badRequest: .badRequest
            case .outdated: .conflict
            default: .unavailable
            }
        self.init(code, error.description)
    }
}

public import Columns
import Expressions
public import Planning
import States
public import Stores
public import Values

/// Answers a service from the online store: planned once, asked often, by many threads.
public struct OnlineLookup: Sendable {
    /// The service.
    public let plan: ServicePlan
    private let lookups: [ViewLookup]
    /// The derived features, over rows of features, request columns and derived features above.
    private let derivedRows: [RowExpression]

    /// Prepares the lookups of `plan`.
    public init(plan: ServicePlan) {
        self.plan = plan
        var layouts: [String: StateLayout] = [:]
        lookups = plan.lookups.indices.map { index in
            let view = plan.lookups[index].view
            let layout = layouts[view.name] ?? StateLayout(view)
            layouts[view.name] = layout
            return ViewLookup(index, of: plan, layout: layout)
        }
        var fields = plan.features.map { Field(name: $0.column, type: $0.type) } + plan.request
        derivedRows = plan.derived.map { derived in
            let row = RowExpression(derived.expression, columns: fields)
            fields.append(Field(name: derived.name, type: derived.expression.type))
            return row
        }
    }

    /// The join keys that a row must have, each once, with the types of the entities.
    public var keyFields: [Field] {
        var fields: [Field] = []
        for lookup in plan.lookups {
            for (column, key) in zip(lookup.spineColumns, lookup.view.keys)
            where !fields.contains(where: { $0.name == column }) {
                fields.append(Field(name: column, type: key.type))
            }
        }
        return fields
    }

    /// Answers one row per row of `entities` from the states in `store`.
    ///
    /// - Parameters:
    ///   - entities: the columns of `keyFields` and the service's request columns, by name.
    ///   - now: the server's clock.
    ///   - store: where the states are.
    /// - Returns: values, statuses and times of all features.
    /// - Throws: `badRequest` for missing columns; `notMaterialized` and `outdated` when a view is
    ///   not there as it is defined; `store` when it cannot be read.
    ///
    /// Complexity: one store transaction; O(rows x views) reads.
    public func answer(
        entities: ColumnBatch, now: EventTime, from store: any OnlineStore
    ) throws(LookupError) -> LookupAnswer {
        let requests = try requests(for: entities)
        let stored: [StoreAnswer]
        do throws(StoreError) {
            stored = try store.read(requests)
        } catch {
            throw LookupError(error)
        }
        return try answer(entities: entities, stored: stored, now: now)
    }

    /// What must be read to answer one row per row of `entities`: the first half of `answer`, for
    /// who reads on his own.
    ///
    /// - Throws: `badRequest` for missing columns.
    public func requests(for entities: ColumnBatch) throws(LookupError) -> [StoreRequest] {
        try checkRequest(entities)
        var requests: [StoreRequest] = []
        for lookup in lookups {
            requests.append(
                StoreRequest(
                    view: lookup.view.name, keys: try lookup.keys(of: entities),
                    wantsWrites: lookup.view.refusalOfWrites == nil))
        }
        return requests
    }

    /// Answers one row per row of `entities` from what was read: the second half of `answer`.
    ///
    /// - Parameters:
    ///   - entities: the rows that `requests(for:)` was given.
    ///   - stored: one answer per request, read at one moment.
    ///   - now: the server's clock.
    /// - Returns: values, statuses and times of all features.
    /// - Throws: `notMaterialized` and `outdated` when a view is not there as it is defined.
    public func answer(
        entities: ColumnBatch, stored: some Collection<StoreAnswer>, now: EventTime
    ) throws(LookupError) -> LookupAnswer {
        precondition(stored.count == lookups.count, "each request has one answer")
        var features = AnsweredFeatures(count: plan.features.count)
        var views: [ViewAnswer] = []
        for (lookup, answer) in zip(lookups, stored) {
            let generation = try lookup.generation(of: answer)
            features.take(
                try lookup.answers(from: lookup.states(in: answer), cut: generation.cut, now: now),
                at: lookup.places)
            views.append(
                ViewAnswer(
                    view: lookup.view.name, generation: generation.id, cut: generation.cut,
                    scheduledCut: lookup.scheduledCut(at: now)))
        }
        return derive(features, entities, views)
    }

    private func checkRequest(_ entities: ColumnBatch) throws(LookupError) {
        for field in plan.request {
            guard let column = entities[field.name] else {
                throw LookupError(
                    .badRequest, "the request column '\(field.name)' is missing",
                    hint: "the service '\(plan.name)' needs it; it may be null")
            }
            guard column.type == field.type else {
                throw LookupError(
                    .badRequest,
                    "the request column '\(field.name)' is \(column.type), \(field.type) is needed")
            }
        }
    }

    /// Computes derived features over the answers, in which an expired value is a plain null.
    private func derive(
        _ features: AnsweredFeatures, _ entities: ColumnBatch, _ views: [ViewAnswer]
    ) -> LookupAnswer {
        let rowCount = entities.rowCount
        var columns = features.values
        var batch = ColumnBatch(
            schema: Schema(plan.features.map { Field(name: $0.column, type: $0.type) }),
            columns: columns, rowCount: rowCount)
        for field in plan.request {
            if let column = entities[field.name] {
                batch = batch.appending(column, named: field.name)
            }
        }
        var statuses = features.statuses
        var eventTimes = features.eventTimes
        var faults = FaultCounts()
        let rows = rowCount <= Self.fewRows ? derivedByRow(batch, faults: &faults) : nil
        for (index, derived) in plan.derived.enumerated() {
            let column = rows?[index] ?? derived.expression.evaluate(batch, faults: &faults)
            batch = batch.appending(column, named: derived.name)
            columns.append(column)
            statuses.append((0..<rowCount).map { column.isNull($0) ? .nullValue : .present })
            eventTimes.append(Array(repeating: nil, count: rowCount))
        }
        return LookupAnswer(
            fields: plan.features.map { Field(name: $0.column, type: $0.type) }
                + plan.derived.map { Field(name: $0.name, type: $0.expression.type) },
            columns: columns, statuses: statuses, eventTimes: eventTimes, views: views,
            faults: faults)
    }

    /// Up to so many rows are evaluated one by one, which costs less than a column of them.
    private static let fewRows = 8

    /// The derived features of the rows of `batch`, row by row, in their order.
    private func derivedByRow(_ batch: ColumnBatch, faults: inout FaultCounts) -> [Column] {
        var cells = Array(repeating: [Scalar](), count: plan.derived.count)
        for row in 0..<batch.rowCount {
            var values = batch.columns.map { $0.scalar(at: row) }
            for (index, expression) in derivedRows.enumerated() {
                let value = expression.evaluate(values, faults: &faults)
                values.append(value)
                cells[index].append(value)
            }
        }
        return zip(plan.derived, cells).map { Column(type: $0.expression.type, $1) }
    }
}

/// Answers as they come in, by feature.
private struct AnsweredFeatures {
    private(set) var values: [Column]
    private(set) var statuses: [[FeatureStatus]]
    private(set) var eventTimes: [[EventTime?]]

    init(count: Int) {
        values = Array(repeating: Column(type: .null, []), count: count)
        statuses = Array(repeating: [], count: count)
        eventTimes = Array(repeating: [], count: count)
    }

    /// Puts the answers of one lookup to the features at `places`, which share their times.
    mutating func take(_ answers: StateAnswers, at places: [Int]) {
        let newest = answers.newest
        for (place, answer) in zip(places, answers.finish()) {
            values[place] = answer.values
            statuses[place] = answer.statuses
            eventTimes[place] = newest
        }
    }
}

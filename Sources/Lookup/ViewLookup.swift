import Columns
import Planning
import States
import Stores
import Values

/// One lookup of a service, prepared.
struct ViewLookup: Sendable {
    let lookup: Lookup
    private let layoutIdentity: [UInt8]
    private let question: StateQuestion
    /// For each feature wanted its place among the service's features.
    let places: [Int]

    init(_ index: Int, of plan: ServicePlan, layout: StateLayout) {
        lookup = plan.lookups[index]
        layoutIdentity = layout.identity
        places = plan.features.indices.filter { plan.features[$0].lookup == index }
        question = StateQuestion(layout, features: places.map { plan.features[$0].feature })
    }

    var view: ViewPlan { lookup.view }

    /// The keys of all rows; nil where a part is null.
    func keys(of entities: ColumnBatch) throws(LookupError) -> [EntityKey?] {
        var columns: [Column] = []
        for (name, key) in zip(lookup.spineColumns, view.keys) {
            guard let column = entities[name] else {
                throw LookupError(
                    .badRequest, "the key '\(name)' is missing",
                    hint: "it is the \(key.name) of view '\(view.name)'")
            }
            // Both widths of integers have the same key bytes.
            guard column.type.widens(to: key.type) else {
                throw LookupError(
                    .badRequest, "the key '\(name)' is \(column.type), \(key.type) is needed")
            }
            columns.append(column)
        }
        let reader = EntityKeyReader(columns: columns)
        return (0..<entities.rowCount).map { row in
            var key = EntityKey()
            return reader.read(row, into: &key) ? key : nil
        }
    }

    /// Refuses states that this layout cannot read.
    func generation(of answer: StoreAnswer) throws(LookupError) -> Generation {
        guard let generation = answer.generation else {
            throw LookupError(
                .notMaterialized, "the view '\(view.name)' is not in the online store",
                hint: "fill it with 'roost materialize \(view.name) --at TIME'")
        }
        guard generation.layout == layoutIdentity else {
            throw LookupError(
                .outdated,
                "the view '\(view.name)' is in the online store as other definitions say",
                hint: "build it again with 'roost materialize \(view.name) --at TIME'")
        }
        return generation
    }

    /// The states of `answer`, each merged with what was written to its entity alone.
    ///
    /// What was written when the view was defined otherwise is not read.
    func states(in answer: StoreAnswer) throws(LookupError) -> [[UInt8]?] {
        guard let writes = answer.writes, writes.layout == layoutIdentity else {
            return answer.values
        }
        var states = answer.values
        for (row, written) in writes.values.enumerated() {
            guard let written else { continue }
            do throws(StateError) {
                states[row] =
                    try states[row].map { state throws(StateError) in
                        try question.layout.merged(state, written)
                    } ?? written
            } catch {
                throw LookupError(error)
            }
        }
        return states
    }

    /// The newest cut that the schedule allows to ask at `now`; nil for a stream.
    func scheduledCut(at now: EventTime) -> EventTime? {
        guard case .every(let interval, let delay) = view.refresh else { return nil }
        return now.advanced(by: EventDuration(microseconds: -delay.microseconds))
            .floor(to: interval)
    }

    /// The answers from `states`, one per row.
    func answers(
        from states: [[UInt8]?], cut: EventTime, now: EventTime
    ) throws(LookupError) -> StateAnswers {
        let seen = question.layout.isBatchRefreshed ? cut : now
        var answers = StateAnswers(to: question, capacity: states.count)
        do throws(StateError) {
            for state in states { try answers.append(state, asked: now, seen: seen) }
        } catch {
            throw LookupError(error)
        }
        return answers
    }
}

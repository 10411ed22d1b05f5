import Expressions
import Values

extension SourcePlan {
    /// The columns that `names` and the times need, with what computed columns need themselves.
    func needed(for names: [String]) -> Set<String> {
        var needed = Set(names + [eventTime] + [knownAt].compactMap { $0 })
        // A computed column uses only those before it, so one pass backwards finds everything.
        for column in computed.reversed() where needed.contains(column.name) {
            needed.formUnion(column.expression.referencedColumns)
        }
        return needed
    }

    /// The same source with only the columns that `names` and the times need.
    package func pruned(to names: [String]) -> SourcePlan {
        let needed = needed(for: names)
        return SourcePlan(
            name: name, schema: Schema(schema.fields.filter { needed.contains($0.name) }),
            computed: computed.filter { needed.contains($0.name) }, eventTime: eventTime,
            knownAt: knownAt, batch: batch, completeTo: completeTo, zone: zone,
            stream: stream)
    }

    /// The same source with only the columns that its times need.
    package var prunedToTimes: SourcePlan { pruned(to: []) }
}

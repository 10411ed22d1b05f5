package import Columns
import Expressions
package import Planning
import Values

/// One source as several views need it: read once, with the columns that any of them needs.
package struct MergedSource: Sendable {
    package let plan: SourcePlan

    /// Merges prunings of one source; there must be at least one.
    package init(_ sources: [SourcePlan]) {
        plan = sources.dropFirst().reduce(sources[0]) { $0.merging($1) }
    }

    /// Appends the computed columns, in the order in which they depend on each other.
    package func computing(_ batch: ColumnBatch) -> ColumnBatch {
        var faults = FaultCounts()
        return plan.computed.reduce(batch) { batch, column in
            batch.appending(
                column.expression.evaluate(batch, faults: &faults), named: column.name)
        }
    }
}

extension SourcePlan {
    /// The union of two prunings of the same source.
    fileprivate func merging(_ other: SourcePlan) -> SourcePlan {
        let names = Set(schema.fields.map(\.name))
        let computedNames = Set(computed.map(\.name))
        return SourcePlan(
            name: name,
            schema: Schema(schema.fields + other.schema.fields.filter { !names.contains($0.name) }),
            computed: computed + other.computed.filter { !computedNames.contains($0.name) },
            eventTime: eventTime, knownAt: knownAt, batch: batch,
            completeTo: completeTo, zone: zone, stream: stream)
    }
}

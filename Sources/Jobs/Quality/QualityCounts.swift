import Columns
import Expressions
import Planning
import PointInTime
import Quality
import Values

/// What was counted of some rows of one source; the counts of several parts merge to those of all.
struct QualityCounts: Sendable {
    private(set) var source: ExpectationCounts
    private(set) var views: [ExpectationCounts]
    private(set) var profiles: [ColumnProfile]
    /// The chunks with rows to set aside.
    private(set) var chunksToSetAside: Set<Int> = []
    private let scope: QualityScope

    init(_ scope: QualityScope) {
        self.scope = scope
        source = ExpectationCounts(
            scope.expectations, eventTime: scope.source.eventTime, span: scope.span)
        views = scope.views.map {
            ExpectationCounts(
                $0.expectations, eventTime: scope.source.eventTime, span: scope.span)
        }
        profiles = scope.profiles ? scope.source.fields.map { ColumnProfile($0) } : []
    }

    /// Looks at a chunk, which has all columns of the scope.
    mutating func fold(_ batch: ColumnBatch, chunk: Int) {
        let before = rowsToSetAside
        source.fold(batch)
        for index in views.indices { views[index].fold(batch.counting(for: scope.views[index])) }
        for index in profiles.indices {
            guard let column = batch[profiles[index].field.name] else { continue }
            profiles[index].fold(column)
        }
        if rowsToSetAside > before { chunksToSetAside.insert(chunk) }
    }

    mutating func merge(_ other: QualityCounts) {
        source.merge(other.source)
        for index in views.indices { views[index].merge(other.views[index]) }
        for index in profiles.indices { profiles[index].merge(other.profiles[index]) }
        chunksToSetAside.formUnion(other.chunksToSetAside)
    }

    private var rowsToSetAside: Int {
        source.rowsToSetAside + views.reduce(0) { $0 + $1.rowsToSetAside }
    }
}

extension ColumnBatch {
    /// The rows that count for a view, but for its own expectations.
    func counting(for view: ViewPlan) -> ColumnBatch {
        var rows = FixedValuesBuilder<Int32>(capacity: 1024)
        var counts = RowCounts()
        var faults = FaultCounts()
        RowFilter(view: view.beforeExpectations).select(from: self, &counts, &faults) { row, _ in
            rows.append(Int32(row))
        }
        return gathering(rows.finish())
    }
}

import Columns
import Expressions
import Planning
import PointInTime
import Quality
import Values

/// What is looked at while the rows of one source are read.
struct QualityScope: Sendable {
    /// The source with the columns that are looked at, computed ones included.
    let source: SourcePlan
    /// What the source expects, whatever its pruned plan says.
    let expectations: [Expectation]
    /// The views with expectations of their own.
    let views: [ViewPlan]
    /// Whether all columns are profiled.
    let profiles: Bool
    /// The span of event time in which rows are counted for `volume`; nil = all rows.
    let span: Range<EventTime>?

    /// Looks at `source`, which has all its columns, and at those of `views` that expect something
    /// of it, each once.
    init(
        _ source: SourcePlan, views: [ViewPlan], profiles: Bool = false,
        span: Range<EventTime>? = nil
    ) {
        var names: Set<String> = []
        let views = views.filter {
            !$0.expectations.isEmpty && $0.source.name == source.name
                && names.insert($0.name).inserted
        }
        let expected = source.expectations + views.flatMap(\.expectations)
        let isAll = profiles || expected.contains { $0.keeping != nil }
        self.source =
            isAll
            ? source
            : source.pruned(
                to: expected.flatMap(\.referencedColumns)
                    + views.flatMap { view in
                        view.keys.map(\.sourceColumn)
                            + (view.checkedFilter?.referencedColumns ?? [])
                    })
        expectations = source.expectations
        self.views = views
        self.profiles = profiles
        self.span = span
    }

    /// Whether there is anything to look at.
    var isEmpty: Bool { expectations.isEmpty && views.isEmpty && !profiles }

    /// A chunk with the computed columns.
    func computing(_ batch: ColumnBatch) -> ColumnBatch {
        MergedSource([source]).computing(batch)
    }
}

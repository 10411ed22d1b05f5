package import Columns
package import Expressions
package import Planning
package import Values

/// Which rows of a source count for a view: admitted, passing its filter, of an entity.
package struct RowFilter: Sendable {
    private let view: ViewPlan

    /// Filters rows for `view`.
    package init(view: ViewPlan) {
        self.view = view
    }

    /// Calls `take` with each row of a chunk that counts, and with its key.
    ///
    /// - Parameters:
    ///   - batch: all declared and computed columns of the source.
    ///   - counts: where the rows that do not count are counted, each once.
    ///   - faults: where the faults of the filter are counted.
    ///   - take: uses a row, and counts it.
    package func select(
        from batch: ColumnBatch, _ counts: inout RowCounts, _ faults: inout FaultCounts,
        _ take: (_ row: Int, _ key: EntityKey) -> Void
    ) {
        let admission = AdmissionFilter(view: view, batch: batch)
        let passes = view.filter.map { $0.evaluate(batch, faults: &faults).trueRows }
        let keys = EntityKeyReader(columns: view.keys.compactMap { batch[$0.sourceColumn] })
        var key = EntityKey()
        for row in 0..<batch.rowCount {
            guard admission.admits(row, &counts) else { continue }
            guard passes?[row] ?? true else {
                counts.filtered += 1
                continue
            }
            guard keys.read(row, into: &key) else {
                counts.withoutKey += 1
                continue
            }
            take(row, key)
        }
    }
}

/// The admission rule over the columns of one chunk.
private struct AdmissionFilter {
    private let withoutEventTime: NullRows
    private let withoutKnownAt: NullRows
    private let times: FixedValues<Int64>
    private let known: FixedValues<Int64>
    private let lateness: Int64
    private let maxAhead: Int64

    init(view: ViewPlan, batch: ColumnBatch) {
        let source = view.source
        withoutEventTime = NullRows(of: batch.column(source.eventTime))
        withoutKnownAt = NullRows(of: source.knownAt.map { batch.column($0) })
        times = batch.int64Values(source.eventTime)
        known = batch.int64Values(source.knownAt ?? source.eventTime)
        lateness = view.admission.lateness?.microseconds ?? .max
        maxAhead = view.admission.maxAhead.microseconds
    }

    func admits(_ row: Int, _ counts: inout RowCounts) -> Bool {
        if withoutEventTime[row] {
            counts.withoutEventTime += 1
            return false
        }
        if withoutKnownAt[row] {
            counts.withoutKnownAt += 1
            return false
        }
        let delay = EventTime(microseconds: known[row])
            .since(EventTime(microseconds: times[row])).microseconds
        if delay > lateness {
            counts.tooLate += 1
            return false
        }
        if delay < -maxAhead {
            counts.tooFarAhead += 1
            return false
        }
        return true
    }
}

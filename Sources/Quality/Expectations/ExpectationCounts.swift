public import Columns
import Expressions
public import Planning
public import Values

/// What was counted of the rows of one source or view, for its expectations.
///
/// Counts of any split of the rows, merged, are the counts of all.
public struct ExpectationCounts: Sendable {
    /// What is expected.
    public let expectations: [Expectation]
    /// How many rows were checked.
    public private(set) var rows = 0
    /// The newest event time; nil without any.
    public private(set) var newest: EventTime?
    /// How many rows lie in the span that `volume` is about.
    public private(set) var rowsInSpan = 0
    private let eventTime: String
    private let span: Range<EventTime>?
    /// How many rows break each expectation of single rows.
    private var broken: [Int]
    /// The rows that each `unique` compares; empty for others.
    private var hashes: [RowHashes]

    /// Starts with no rows.
    ///
    /// - Parameters:
    ///   - expectations: what is counted.
    ///   - eventTime: the column that says when a row happened.
    ///   - span: in which event times rows are counted for `volume`; nil = all rows.
    public init(
        _ expectations: [Expectation], eventTime: String, span: Range<EventTime>? = nil
    ) {
        self.expectations = expectations
        self.span = span
        self.eventTime = eventTime
        broken = expectations.map { _ in 0 }
        hashes = expectations.map { _ in RowHashes() }
    }

    /// Checks rows, which must have all columns that the expectations look at, and the event time.
    public mutating func fold(_ batch: ColumnBatch) {
        rows += batch.rowCount
        rowsInSpan += span == nil ? batch.rowCount : 0
        seeTimes(of: batch[eventTime])
        for (index, expectation) in expectations.enumerated() {
            switch expectation.rule {
            case .holds(let condition):
                broken[index] += condition.breakingRows(of: batch).count
            case .unique(let columns):
                hashes[index].add(columns.compactMap { batch[$0] }, count: batch.rowCount)
            case .freshness, .volume: break
            }
        }
    }

    /// Adds the counts of other rows, for the same expectations.
    public mutating func merge(_ other: ExpectationCounts) {
        rows += other.rows
        rowsInSpan += other.rowsInSpan
        if let time = other.newest { newest = max(newest ?? time, time) }
        for index in expectations.indices {
            broken[index] += other.broken[index]
            hashes[index].merge(other.hashes[index])
        }
    }

    /// How many times a row breaks an expectation that sets it aside.
    public var rowsToSetAside: Int {
        zip(expectations, broken).reduce(0) { $0 + ($1.0.keeping == nil ? 0 : $1.1) }
    }

    /// How many rows break the expectation at `index`; 0 for those that no row breaks alone.
    func brokenRows(_ index: Int) -> Int {
        if case .unique = expectations[index].rule { return hashes[index].duplicates }
        return broken[index]
    }

    private mutating func seeTimes(of column: Column?) {
        guard let column, case .int64(let values) = column.storage else { return }
        for row in 0..<column.count where !column.isNull(row) {
            let time = EventTime(microseconds: values[row])
            newest = max(newest ?? time, time)
            if span?.contains(time) ?? false { rowsInSpan += 1 }
        }
    }
}

extension TypedExpression {
    /// The rows for which a condition is false; a null breaks nothing.
    package func breakingRows(of batch: ColumnBatch) -> [Int32] {
        var faults = FaultCounts()
        let holds = evaluate(batch, faults: &faults)
        guard case .bits(let bits) = holds.storage else { return [] }
        var rows: [Int32] = []
        for row in 0..<batch.rowCount where !bits[row] && !holds.isNull(row) {
            rows.append(Int32(row))
        }
        return rows
    }
}

import Definitions
public import Planning
public import Values

/// What became of one expectation.
public struct ExpectationResult: Hashable, Sendable {
    /// How it ended.
    public enum Verdict: String, Hashable, Sendable {
        /// It holds, or is broken by no more rows than tolerated.
        case passed
        /// It is broken, and was to be reported only.
        case warned
        /// It is broken, and the job stops.
        case stopped
        /// There was nothing to compare with.
        case skipped
    }

    /// What was expected.
    public let expectation: Expectation
    /// How it ended.
    public let verdict: Verdict
    /// How many rows were checked.
    public let rows: Int
    /// How many rows break it.
    public let broken: Int
    /// What was seen of rules about all rows, for people; else empty.
    public let detail: String

    /// How many rows are set aside because of it.
    public var setAside: Int { expectation.keeping == nil ? 0 : broken }
}

/// What rules about all rows of a run are compared with.
public struct ExpectationContext: Hashable, Sendable {
    /// When it is asked; nil when age does not matter.
    public var askedAt: EventTime?
    /// How many rows earlier runs of the same kind had, the newest last; nil when it does not
    /// matter.
    public var earlierRows: [Int]?

    /// Makes a context.
    public init(askedAt: EventTime?, earlierRows: [Int]?) {
        self.askedAt = askedAt
        self.earlierRows = earlierRows
    }
}

extension ExpectationCounts {
    /// What became of each expectation; those that the context does not care about are left out.
    public func results(in context: ExpectationContext) -> [ExpectationResult] {
        expectations.indices.compactMap { index -> ExpectationResult? in
            let expectation = expectations[index]
            switch expectation.rule {
            case .holds, .unique:
                let broken = brokenRows(index)
                let isBroken = expectation.tolerated.isExceeded(by: broken, of: rows)
                return result(expectation, isBroken, broken: broken)
            case .freshness(let age):
                return context.askedAt.map { freshness(expectation, age, askedAt: $0) }
            case .volume(let runs, let within):
                return context.earlierRows.map { earlier in
                    volume(expectation, Array(earlier.suffix(runs)), within)
                }
            }
        }
    }

    private func result(
        _ expectation: Expectation, _ isBroken: Bool, broken: Int = 0, detail: String = ""
    ) -> ExpectationResult {
        let verdict: ExpectationResult.Verdict =
            !isBroken ? .passed : expectation.action == .warn ? .warned : .stopped
        return ExpectationResult(
            expectation: expectation, verdict: verdict, rows: rows, broken: broken, detail: detail)
    }

    private func freshness(
        _ expectation: Expectation, _ age: EventDuration, askedAt: EventTime
    ) -> ExpectationResult {
        guard let newest else {
            return result(expectation, true, detail: "there is no row")
        }
        let isOld = askedAt.since(newest) > age
        return result(expectation, isOld, detail: "newest \(newest), asked at \(askedAt)")
    }

    private func volume(
        _ expectation: Expectation, _ earlier: [Int], _ within: Share
    ) -> ExpectationResult {
        guard let median = earlier.median else {
            return ExpectationResult(
                expectation: expectation, verdict: .skipped, rows: rowsInSpan, broken: 0,
                detail: "no earlier run")
        }
        let isOff = within.isExceeded(by: abs(rowsInSpan - median), of: median)
        return result(expectation, isOff, detail: "\(rowsInSpan) rows, the median was \(median)")
    }
}

extension [Int] {
    /// The one in the middle, the lower of two; nil when there is none.
    fileprivate var median: Int? { isEmpty ? nil : sorted()[(count - 1) / 2] }
}

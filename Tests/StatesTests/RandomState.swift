import Expressions
import JoinSupport
import Planning
import States
import TestSupport
import Values

/// The rows of a random view, known at a random cut, and what a generation built then holds.
struct RandomState {
    let join: RandomJoin
    let layout: StateLayout
    /// When it was built.
    let built: EventTime
    /// What it was built as of: `built`, or the cut of a batch-refreshed view.
    let cut: EventTime
    /// The rows it holds, of all keys.
    let rows: [[Scalar]]

    init(seed: UInt64) {
        join = RandomJoin(seed: seed)
        layout = StateLayout(join.view)
        var random = SeededGenerator(seed: seed ^ 0x5747)
        let naive = NaiveJoin(join: join)
        let built = EventTime(
            microseconds: Int64.random(in: -45...60, using: &random) * 1_000_000
                + Int64.random(in: -1...1, using: &random))
        let cut = naive.cut(of: built)
        let refresh = join.view.refresh
        rows = join.rows.filter { row in
            guard row[0] != .null, naive.isAdmitted(row) else { return false }
            switch refresh {
            case .stream(let delay): return naive.known(row).advanced(by: delay) <= built
            case .every: return naive.event(row) < cut && naive.known(row) <= cut
            }
        }
        self.built = built
        self.cut = cut
    }

    /// The rows of one key.
    func rows(of key: Int64) -> [[Scalar]] { rows.filter { $0[0] == .integer(key) } }

    /// Folds rows in their order.
    func state(of rows: [[Scalar]], horizon: EventTime = .distantPast) -> ViewState {
        let naive = NaiveJoin(join: join)
        var state = ViewState(layout)
        for row in rows {
            let values = layout.inputs.map { input in
                row[RandomJoin.sourceSchema.index(of: input.canonicalText) ?? 0]
            }
            state.fold(
                eventTime: naive.event(row), knownAt: naive.known(row), values: values,
                horizon: horizon)
        }
        return state
    }

    /// What the bytes of a state, nil for none, answer for `features`, nil for all, when they are
    /// asked at `time`.
    func answer(
        _ encoded: [UInt8]?, at time: EventTime, features: [Int]? = nil
    ) throws -> FeatureAnswer {
        let wanted = features ?? Array(0..<join.view.features.count)
        return try FeatureAnswer(
            StateQuestion(layout, features: wanted), encoded: encoded, asked: time,
            seen: layout.isBatchRefreshed ? cut : time)
    }

    /// The point-in-time values for `key` at `time`, over `rows`.
    func joined(_ key: Int64, at time: EventTime, over rows: [[Scalar]]) throws -> [Scalar] {
        let join = RandomJoin(
            self.join, rows: rows, spine: [[.integer(key), .null, .timestamp(time)]])
        let cells = try join.cells(workers: 1)[0]
        return Array(cells.prefix(join.view.features.count))
    }
}

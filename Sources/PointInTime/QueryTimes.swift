import Columns
import Planning
import Values

/// The times at which one partition's queries look at a view, by the view's refresh.
struct QueryTimes: Sendable {
    /// When the caller asked: what a ttl compares with.
    let asked: FixedValues<Int64>
    /// What the view answers as of: the asking time, or the cut of a batch-refreshed view.
    let seen: FixedValues<Int64>
    /// How long before the asking time that is.
    private let ages: FixedValues<Int64>

    init(askingTimes: FixedValues<Int64>, refresh: Refresh) {
        asked = askingTimes
        ages = askingTimes.mapped { refresh.age(at: $0) }
        switch refresh {
        case .stream: seen = askingTimes
        case .every:
            seen = askingTimes.mapped { clampedSum($0, -refresh.age(at: $0)) }
        }
    }

    /// The least event time inside `window` for each query.
    func lowerBounds(of window: Window) -> FixedValues<Int64> {
        switch window {
        case .lifetime: seen.mapped { _ in .min }
        case .tiled(let length, let hop):
            seen.mapped { seen in
                let tail = EventTime(microseconds: seen).floor(to: hop)
                return clampedSum(tail.microseconds, -length.microseconds)
            }
        case .exact(let length, _): seen.mapped { clampedSum($0, -length.microseconds) }
        }
    }

    /// The least event time that a latest value may have: its age is measured when it is asked.
    func lowerBounds(ttl: EventDuration?) -> FixedValues<Int64> {
        asked.mapped { asked in ttl.map { clampedSum(asked, -$0.microseconds) } ?? .min }
    }

    /// For each query whether the cut is young enough; nil when all are.
    func freshness(ttl: EventDuration?) -> Bitmap? {
        guard let ttl else { return nil }
        var fresh = BitmapBuilder(capacity: asked.count)
        for query in 0..<asked.count {
            fresh.append(ages[query] <= ttl.microseconds)
        }
        return fresh.finish()
    }
}

extension Refresh {
    /// How long before `asked` the cut lies as of which a view answers: the latest multiple of the
    /// interval that was due, `delay` later, by then. Exact at the ends of time, too.
    fileprivate func age(at asked: Int64) -> Int64 {
        guard case .every(let interval, let delay) = self else { return 0 }
        let step = interval.microseconds
        let phase = (asked % step - delay.microseconds % step) % step
        return clampedSum(delay.microseconds, phase < 0 ? phase + step : phase)
    }
}

extension FixedValues where Element == Int64 {
    /// Each value, transformed.
    func mapped(_ transform: (Int64) -> Int64) -> FixedValues<Int64> {
        var builder = FixedValuesBuilder<Int64>(capacity: count)
        for index in 0..<count { builder.append(transform(self[index])) }
        return builder.finish()
    }
}

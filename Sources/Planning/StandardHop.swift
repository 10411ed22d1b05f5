import Aggregates
import Definitions
import Values

/// The hops of windows that name none.
enum StandardHop {
    /// Largest first.
    private static let all: [EventDuration] = [.days(1), .hours(1), .minutes(5), .minutes(1)]

    /// The hop for a window of this length.
    static func forWindow(_ length: EventDuration) -> EventDuration {
        if length <= .hours(1) { return .minutes(1) }
        if length <= .hours(12) { return .minutes(5) }
        return length <= .days(12) ? .hours(1) : .days(1)
    }

    /// The largest standard hop that divides the length, else the largest divisor of a minute
    /// that does.
    static func largestDividing(_ length: EventDuration) -> EventDuration {
        if let hop = all.first(where: { length.isMultiple(of: $0) }) { return hop }
        var (greater, smaller) = (length.microseconds, EventDuration.minutes(1).microseconds)
        while smaller != 0 { (greater, smaller) = (smaller, greater % smaller) }
        return EventDuration(microseconds: greater)
    }
}

extension EventDuration {
    /// Whether it is a whole number of `step`s.
    func isMultiple(of step: EventDuration) -> Bool { microseconds % step.microseconds == 0 }

    /// So many times as long, clamped to the representable range.
    fileprivate func times(_ count: Int64) -> EventDuration {
        let (product, overflow) = microseconds.multipliedReportingOverflow(by: count)
        return EventDuration(microseconds: overflow ? .max : product)
    }
}

extension AggregateDefinition {
    /// The windows with their tails, and the suffix that each gives to the feature's name: the
    /// window `kept` of a list gives none.
    func resolvedWindows(
        keeping kept: EventDuration?
    ) throws(Diagnostic) -> [(suffix: String, window: Window)] {
        switch windows {
        case .lifetime:
            try requireNoWindow()
            return [("", .lifetime)]
        case .single(let window): return [("", try resolve(window))]
        case .list(let windows):
            var resolved: [(suffix: String, window: Window)] = []
            for window in windows {
                let suffix = window.length.value == kept ? "" : "_\(window.text)"
                resolved.append((suffix, try resolve(window)))
            }
            return resolved
        }
    }

    private func requireNoWindow() throws(Diagnostic) {
        guard case .decayedSum(let halfLife) = function.value else { return }
        throw function.diagnostic(
            "`\(function.value.name)` needs a window", hint: "write `over \(halfLife.times(60))`")
    }

    /// A window of a decayed sum that is longer adds rows that weigh nothing.
    private func checkHalfLives(in window: WindowDefinition) throws(Diagnostic) {
        guard case .decayedSum(let halfLife) = function.value else { return }
        let longest = halfLife.times(AggregateFunction.greatestHalfLives)
        guard window.length.value > longest else { return }
        throw window.length.diagnostic(
            "the window \(window.text) is longer than \(AggregateFunction.greatestHalfLives) "
                + "half-lives of \(halfLife)",
            hint: "older rows weigh nothing: at most \(longest)")
    }

    private func resolve(_ window: WindowDefinition) throws(Diagnostic) -> Window {
        try checkHalfLives(in: window)
        let length = window.length.value
        switch tail {
        case .exact(_, let maxEvents):
            return .exact(
                length: length, maxEvents: maxEvents?.value ?? Self.defaultMaxEvents)
        case .hop(let hop):
            guard length.isMultiple(of: hop.value) else {
                throw hop.diagnostic(
                    "the hop \(hop.value) does not divide the window \(window.text)",
                    hint: "write `hop \(StandardHop.largestDividing(length))`, for example")
            }
            return .tiled(length: length, hop: hop.value)
        case .defaultHop:
            let hop = StandardHop.forWindow(length)
            guard length.isMultiple(of: hop) else {
                throw window.length.diagnostic(
                    "the default hop \(hop) does not divide the window \(window.text)",
                    hint: "write `hop \(StandardHop.largestDividing(length))` behind the window")
            }
            return .tiled(length: length, hop: hop)
        }
    }
}

extension Window {
    /// How far back it looks; nil = to the beginning of time.
    var length: EventDuration? {
        switch self {
        case .lifetime: nil
        case .tiled(let length, _), .exact(let length, _): length
        }
    }

    /// How long after its event time a row can still be inside; nil = for ever.
    var reach: EventDuration? {
        switch self {
        case .lifetime: nil
        case .tiled(let length, let hop): length.adding(hop)
        case .exact(let length, _): length
        }
    }
}

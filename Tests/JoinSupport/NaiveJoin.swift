import Aggregates
import Expressions
import Planning
package import Values

/// The rules of a feature's value, said as plainly as they can be: for each spine row look at all
/// source rows, keep those it may see, fold them with the mergeable state of the aggregate.
package struct NaiveJoin {
    package let join: RandomJoin

    /// Answers the spine of `join`.
    package init(join: RandomJoin) { self.join = join }

    private var view: ViewPlan { join.view }

    /// One row of cells per spine row: the features by the first key, then by the second.
    package func cells() throws -> [[Scalar]] {
        try join.spine.map { row in
            guard case .timestamp(let time) = row[2] else { return [] }
            return try features(of: row[0], at: time) + features(of: row[1], at: time)
        }
    }

    private func features(of key: Scalar, at time: EventTime) throws -> [Scalar] {
        let asked = cut(of: time)
        let visible = join.rows.filter { row in
            key != .null && row[0] == key && isVisible(row, at: asked)
        }
        switch view.features {
        case .latest(let features):
            let newest = visible.max { isBefore($0, $1, by: RandomJoin.latest.map(column)) }
            guard let newest, isYoung(event(newest), at: time) else {
                return features.map { _ in .null }
            }
            return features.map { newest[column($0.name)] }
        case .aggregates(let features):
            if let ttl = view.ttl, time.since(asked) > ttl { return features.map { _ in .null } }
            return try features.map { try value(of: $0, visible, at: asked) }
        }
    }

    private func value(
        of feature: AggregateFeature, _ visible: [[Scalar]], at asked: EventTime
    ) throws -> Scalar {
        let input = feature.input.map { column($0.canonicalText) }
        let order = input.map { [$0] } ?? []
        var rows = visible.filter { row in
            feature.filter == nil || row[column("keep")] == .bool(true)
        }
        rows = rows.filter { event($0) >= bound(of: feature.window, at: asked) }
        if case .exact(_, let limit) = feature.window {
            rows = Array(rows.sorted { isBefore($0, $1, by: order) }.suffix(limit))
        }
        var partial = try Partial(feature.function, inputType: feature.input?.type)
        for row in rows.reversed() {
            partial.fold(
                value: input.map { row[$0] } ?? .null, eventTime: event(row), knownAt: known(row))
        }
        return partial.finalise(at: asked)
    }

    /// The newest cut that may be asked at `time`; for a stream the time itself.
    package func cut(of time: EventTime) -> EventTime {
        guard case .every(let interval, let delay) = view.refresh else { return time }
        var cut = time.floor(to: interval)
        while cut.advanced(by: delay) > time {
            cut = cut.advanced(by: EventDuration(microseconds: -interval.microseconds))
        }
        return cut
    }

    /// Whether a row counts at all.
    package func isAdmitted(_ row: [Scalar]) -> Bool {
        guard row[1] != .null, view.source.knownAt == nil || row[2] != .null else { return false }
        if let lateness = view.admission.lateness, known(row).since(event(row)) > lateness {
            return false
        }
        if event(row).since(known(row)) > view.admission.maxAhead { return false }
        return view.filter == nil || row[column("keep")] == .bool(true)
    }

    private func isVisible(_ row: [Scalar], at asked: EventTime) -> Bool {
        guard isAdmitted(row) else { return false }
        switch view.refresh {
        case .every: return event(row) < asked && known(row) <= asked
        case .stream(let delay):
            let happened = join.isInclusive ? event(row) <= asked : event(row) < asked
            return happened && known(row).advanced(by: delay) <= asked
        }
    }

    private func bound(of window: Window, at asked: EventTime) -> EventTime {
        switch window {
        case .lifetime: .distantPast
        case .tiled(let length, let hop):
            asked.floor(to: hop).advanced(by: EventDuration(microseconds: -length.microseconds))
        case .exact(let length, _):
            asked.advanced(by: EventDuration(microseconds: -length.microseconds))
        }
    }

    private func isYoung(_ event: EventTime, at time: EventTime) -> Bool {
        guard let ttl = view.ttl else { return true }
        return time.since(event) <= ttl
    }

    private func isBefore(_ left: [Scalar], _ right: [Scalar], by columns: [Int]) -> Bool {
        if event(left) != event(right) { return event(left) < event(right) }
        if known(left) != known(right) { return known(left) < known(right) }
        for column in columns where left[column] != right[column] {
            return isLess(left[column], right[column])
        }
        return false
    }

    private func isLess(_ left: Scalar, _ right: Scalar) -> Bool {
        switch (left, right) {
        case (.null, _): true
        case (_, .null): false
        case (.integer(let first), .integer(let second)): first < second
        case (.string(let first), .string(let second)):
            first.utf8.lexicographicallyPrecedes(second.utf8)
        case (.double(let first), .double(let second)):
            second.isNaN ? !first.isNaN : first < second
        case (.decimal(let first), .decimal(let second)): first < second
        case (.list(let first), .list(let second)):
            zip(first, second).first { $0 != $1 }.map { isLess($0.0, $0.1) }
                ?? (first.count < second.count)
        default: false
        }
    }

    /// When a row happened.
    package func event(_ row: [Scalar]) -> EventTime { time(row[1]) }

    /// When a row became known.
    package func known(_ row: [Scalar]) -> EventTime {
        view.source.knownAt == nil ? time(row[1]) : time(row[2])
    }

    private func time(_ value: Scalar) -> EventTime {
        guard case .timestamp(let time) = value else { return .distantPast }
        return time
    }

    private func column(_ name: String) -> Int { RandomJoin.sourceSchema.index(of: name) ?? 0 }
}

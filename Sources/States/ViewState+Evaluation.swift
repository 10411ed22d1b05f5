import Aggregates
import Planning
public import Values

extension ViewState {
    /// The features at `features`, as indices into the view's features.
    ///
    /// A view that a stream refreshes is asked at the asking time, or just after its newest row if
    /// that lies ahead: what is in the state is never taken away again. A batch-refreshed view is
    /// asked at its cut; its ttl looks at the real asking time.
    ///
    /// - Parameters:
    ///   - features: what is wanted, in that order.
    ///   - asked: when the caller asks.
    ///   - seen: the cut of a batch-refreshed view; for a stream the same as `asked`.
    /// - Returns: values and statuses in the order of `features`.
    public func evaluate(
        _ features: [Int], asked: EventTime, seen: EventTime
    ) -> FeatureAnswer {
        guard let newest else { return layout.answerOfNothing(features, asked: asked, seen: seen) }
        let after = newest.advanced(by: EventDuration(microseconds: 1))
        let seen = layout.isBatchRefreshed ? seen : max(seen, after)
        let isOld = layout.isTooOld(
            layout.latestOrder == nil ? seen : newest, asked: asked)
        if isOld { return layout.outsideMaxAge(features, newest: newest, seen: seen) }
        let all = latest?.values ?? aggregates(features, seen: seen)
        let values = features.map { all[$0] }
        return FeatureAnswer(
            values: values, statuses: values.map { $0 == .null ? .nullValue : .present },
            newest: newest, asOf: seen)
    }

    /// The values of all features; those that are not wanted may be missing.
    private func aggregates(_ wanted: [Int], seen: EventTime) -> [Scalar] {
        var isWanted = [Bool](repeating: false, count: layout.types.count)
        for feature in wanted { isWanted[feature] = true }
        var values = [Scalar](repeating: .null, count: layout.types.count)
        for (state, plan) in zip(series, layout.series) {
            let readings = plan.readings.filter { isWanted[$0.feature] }
            if readings.isEmpty { continue }
            state.read(readings, of: plan, seen: seen) { values[$0] = $1 }
        }
        return values
    }
}

extension SeriesState {
    /// Gives the value of each reading; readings come by ascending length.
    fileprivate func read(
        _ readings: [Series.Reading], of series: Series, seen: EventTime,
        _ give: (Int, Scalar) -> Void
    ) {
        switch self {
        case .lifetime(let partial):
            for reading in readings {
                give(reading.feature, partial.finalise(as: reading.function))
            }
        case .newest(let rows):
            for reading in readings {
                let bound = seen.advanced(
                    by: EventDuration(microseconds: -(reading.length ?? 0)))
                var partial = series.partial(reading.function)
                for row in rows.rows.reversed() where row.eventTime >= bound {
                    partial.fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
                }
                give(reading.feature, partial.finalise())
            }
        case .tiles(let tiles):
            var partial = series.partial(series.function)
            var next = tiles.count
            for reading in readings {
                let first = series.firstTile(seenAt: seen, length: reading.length ?? 0)
                while next > 0, tiles[next - 1].index >= first {
                    next -= 1
                    partial.merge(tiles[next].partial)
                }
                give(reading.feature, partial.finalise(as: reading.function))
            }
        }
    }
}

extension StateLayout {
    /// What a key without a state is answered.
    ///
    /// - Parameters: as in `ViewState.evaluate`.
    public func answerOfNothing(
        _ features: [Int], asked: EventTime, seen: EventTime
    ) -> FeatureAnswer {
        // Latest values have an age only if there is a row.
        if latestOrder == nil, isTooOld(seen, asked: asked) {
            return outsideMaxAge(features, newest: nil, seen: seen)
        }
        return FeatureAnswer(
            values: features.map(valueOfNothing),
            statuses: features.map { _ in .notFound }, newest: nil, asOf: seen)
    }

    /// 0 for counts, null for everything else.
    private func valueOfNothing(_ feature: Int) -> Scalar {
        guard case .aggregates(let features) = view.features else { return .null }
        return features[feature].function == .count ? .integer(0) : .null
    }

    fileprivate func isTooOld(_ time: EventTime, asked: EventTime) -> Bool {
        guard let ttl = view.ttl else { return false }
        return asked.since(time) > ttl
    }

    fileprivate func outsideMaxAge(
        _ features: [Int], newest: EventTime?, seen: EventTime
    ) -> FeatureAnswer {
        FeatureAnswer(
            values: features.map { _ in .null },
            statuses: features.map { _ in .outsideMaxAge }, newest: newest, asOf: seen)
    }
}

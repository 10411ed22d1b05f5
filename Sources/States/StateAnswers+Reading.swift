import Aggregates
import Columns
import Planning
public import Values

// Answers are read from the bytes of a state, in one walk from front to back, without making a
// `ViewState`. The windows of one series end at the same time, so a tile belongs to the shortest
// window that sees it: each tile is merged once, into the part between two windows' beginnings,
// and a window is the merge of the parts from the newest on.

extension StateAnswers {
    /// Appends the answer of one entity.
    ///
    /// A view that a stream refreshes is asked at the asking time, or just after its newest row if
    /// that lies ahead: what is in the state is never taken away again. A batch-refreshed view is
    /// asked at its cut; its ttl looks at the real asking time.
    ///
    /// - Parameters:
    ///   - encoded: the state's bytes; nil for a key without a state.
    ///   - asked: when the caller asks.
    ///   - seen: the cut of a batch-refreshed view; for a stream the same as `asked`.
    /// - Returns: the time that the values are true for: the asking time, or the cut.
    /// - Throws: `corrupt` for bytes that are no state of the view; the answers are of no use then.
    @discardableResult
    public mutating func append(
        _ encoded: [UInt8]?, asked: EventTime, seen: EventTime
    ) throws(StateError) -> EventTime {
        guard let encoded else {
            appendNothing(asked: asked, seen: seen)
            return seen
        }
        do {
            return try appendState(encoded, asked: asked, seen: seen)
        } catch {
            throw .corrupt(view: question.layout.view.name, error.message)
        }
    }

    private mutating func appendState(
        _ encoded: [UInt8], asked: EventTime, seen: EventTime
    ) throws(AggregateError) -> EventTime {
        let layout = question.layout
        var (reader, header) = try layout.open(encoded)
        guard let newest = header.newest else {
            try reader.finish()
            appendNothing(asked: asked, seen: seen)
            return seen
        }
        let after = newest.advanced(by: EventDuration(microseconds: 1))
        let seen = layout.isBatchRefreshed ? seen : max(seen, after)
        if layout.isTooOld(layout.isLatest ? newest : seen, asked: asked) {
            appendNulls(.outsideMaxAge, newest: newest)
            return seen
        }
        if layout.hasLeftWindows(newest, seen: seen) {
            appendNothing(asked: asked, seen: seen)
            return seen
        }
        if layout.isLatest {
            try readLatest(newest: newest, from: &reader)
        } else {
            for index in layout.series.indices {
                try read(index, newest: newest, seen: seen, from: &reader)
            }
        }
        try reader.finish()
        close(.present, newest: newest)
        return seen
    }

    private mutating func readLatest(
        newest: EventTime, from reader: inout StateReader
    ) throws(AggregateError) {
        _ = try reader.readTime(from: newest)
        let types = question.layout.types
        let places = question.places
        for feature in types.indices {
            if let place = places[feature], question.isFlat[place] {
                try columns[place].appendOptional(from: &reader)
                continue
            }
            let value = try Scalar(anyFrom: &reader, type: types[feature])
            if let place = places[feature] { columns[place].append(value) }
        }
    }

    /// Reads one series, wanted or not: what follows it begins behind it.
    private mutating func read(
        _ index: Int, newest: EventTime, seen: EventTime, from reader: inout StateReader
    ) throws(AggregateError) {
        let series = question.layout.series[index]
        let template = question.layout.templates[index]
        let readings = question.readings[index]
        switch series.identity.cut {
        case .lifetime:
            var partial = template
            try partial.readState(from: &reader)
            for reading in readings { give(partial, to: reading, seen: seen) }
        case .tiles:
            let parts = try reader.readParts(series, template, readings, seen: seen)
            var partial = template
            for (reading, part) in zip(readings, parts) {
                partial.merge(part)
                give(partial, to: reading, seen: seen)
            }
        case .newest(let capacity):
            let rows = try reader.readRows(series, capacity: capacity, newest: newest)
            for reading in readings {
                give(series.partial(of: rows, reading, seen: seen), to: reading, seen: seen)
            }
        }
    }

    private mutating func give(
        _ partial: Partial, to reading: Series.Reading, seen: EventTime
    ) {
        guard let place = question.places[reading.feature] else { return }
        columns[place].append(partial.finalise(as: reading.function, at: seen))
    }

    /// What a key without a state is answered: latest values have an age only if there is a row.
    private mutating func appendNothing(asked: EventTime, seen: EventTime) {
        let layout = question.layout
        if !layout.isLatest, layout.isTooOld(seen, asked: asked) {
            return appendNulls(.outsideMaxAge, newest: nil)
        }
        for (place, feature) in question.distinct.enumerated() {
            columns[place].append(layout.valueOfNothing(feature))
        }
        close(.notFound, newest: nil)
    }

    private mutating func appendNulls(_ status: FeatureStatus, newest: EventTime?) {
        for place in columns.indices { columns[place].appendNull() }
        close(status, newest: newest)
    }
}

extension Series {
    /// The aggregate of a reading over the rows inside its window.
    fileprivate func partial(
        of rows: RankedRows, _ reading: Reading, seen: EventTime
    ) -> Partial {
        let bound = seen.advanced(by: EventDuration(microseconds: -(reading.length ?? 0)))
        var partial = partial(reading.function)
        for row in rows.rows.reversed() where row.eventTime >= bound {
            partial.fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
        }
        return partial
    }
}

extension StateReader {
    /// The tiles of a series, merged by reading: part `n` is what the window of reading `n` sees
    /// and no shorter one does. Readings come by ascending length.
    fileprivate mutating func readParts(
        _ series: Series, _ template: Partial, _ readings: [Series.Reading], seen: EventTime
    ) throws(AggregateError) -> [Partial] {
        let firsts = readings.map { series.firstTile(seenAt: seen, length: $0.length ?? 0) }
        // The last part is what no window sees.
        var parts = Array(repeating: template, count: readings.count + 1)
        var part = readings.count
        try readTiles { (index, reader) throws(AggregateError) in
            while part > 0, index >= firsts[part - 1] { part -= 1 }
            try parts[part].mergeState(from: &reader)
        }
        return parts
    }
}

extension StateLayout {
    var isLatest: Bool { latestOrder != nil }

    fileprivate func valueOfNothing(_ feature: Int) -> Scalar {
        guard case .aggregates(let features) = view.features else { return .null }
        return features[feature].function.valueOfNothing
    }

    fileprivate func isTooOld(_ time: EventTime, asked: EventTime) -> Bool {
        guard let ttl = view.ttl else { return false }
        return asked.since(time) > ttl
    }
}

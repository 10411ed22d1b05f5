import Aggregates
import Values

/// The rows of one aligned span of event time, folded.
struct Tile: Sendable {
    /// The span begins at `index * hop`.
    let index: Int64
    var partial: Partial
}

/// What one series holds of one entity.
enum SeriesState: Sendable {
    case lifetime(Partial)
    /// In ascending order; spans without a value have no tile.
    case tiles([Tile])
    case newest(RankedRows)

    init(empty series: Series, template: Partial) {
        switch series.identity.cut {
        case .lifetime: self = .lifetime(template)
        case .tiles: self = .tiles([])
        case .newest(let capacity):
            self = .newest(RankedRows(keeping: .newest, capacity: capacity))
        }
    }

    /// Adds a row. Complexity: O(log tiles), O(1) for rows in order of time.
    mutating func fold(_ row: RankedValue, _ series: Series, template: Partial) {
        switch consume self {
        case .newest(var rows):
            rows.fold(row)
            self = .newest(rows)
        case .lifetime(var partial):
            partial.fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
            self = .lifetime(partial)
        case .tiles(var tiles):
            // Nulls count as rows only, so that a span of nulls needs no tile.
            if series.inputType == nil || row.value != .null {
                tiles.fold(row, hop: series.hop, template: template)
            }
            self = .tiles(tiles)
        }
    }

    /// Adds the rows of `other`, a state of the same series.
    mutating func merge(_ other: SeriesState) {
        switch (consume self, other) {
        case (.newest(var rows), .newest(let others)):
            rows.merge(others)
            self = .newest(rows)
        case (.lifetime(var partial), .lifetime(let other)):
            partial.merge(other)
            self = .lifetime(partial)
        case (.tiles(let tiles), .tiles(let others)):
            self = .tiles(tiles.merging(others))
        default: preconditionFailure("states of different series do not merge")
        }
    }

    /// Whether it has what no asking time from `time` on sees.
    func hasUnseen(at time: EventTime, _ series: Series) -> Bool {
        guard let longest = series.longest else { return false }
        switch self {
        case .lifetime: return false
        case .tiles(let tiles):
            let first = series.firstTile(seenAt: time, length: longest)
            return tiles.first.map { $0.index < first } ?? false
        case .newest(let rows):
            let bound = time.advanced(by: EventDuration(microseconds: -longest))
            return rows.rows.contains { $0.eventTime < bound }
        }
    }

    /// Without what no asking time from `time` on sees.
    func pruned(to time: EventTime, _ series: Series) -> SeriesState {
        guard let longest = series.longest else { return self }
        switch self {
        case .lifetime: return self
        case .tiles(let tiles):
            let first = series.firstTile(seenAt: time, length: longest)
            return .tiles(Array(tiles.drop { $0.index < first }))
        case .newest(let rows):
            let bound = time.advanced(by: EventDuration(microseconds: -longest))
            var kept = RankedRows(keeping: .newest, capacity: rows.capacity)
            for row in rows.rows where row.eventTime >= bound { kept.fold(row) }
            return .newest(kept)
        }
    }
}

extension Series {
    /// The hop of its tiles.
    var hop: Int64 {
        guard case .tiles(let hop) = identity.cut else {
            preconditionFailure("the series has no tiles")
        }
        return hop
    }

    /// The first tile inside a window of `length`, asked at `time`.
    func firstTile(seenAt time: EventTime, length: Int64) -> Int64 {
        let newest = flooredQuotient(time.microseconds, hop)
        let (first, overflow) = newest.subtractingReportingOverflow(length / hop)
        return overflow ? .min : first
    }
}

extension Series {
    /// Whether no asking time from `horizon` on sees rows of `eventTime`.
    func forgets(_ eventTime: EventTime, at horizon: EventTime) -> Bool {
        guard horizon > .distantPast, let longest else { return false }
        switch identity.cut {
        case .lifetime: return false
        case .tiles(let hop):
            return flooredQuotient(eventTime.microseconds, hop)
                < firstTile(seenAt: horizon, length: longest)
        case .newest:
            return eventTime < horizon.advanced(by: EventDuration(microseconds: -longest))
        }
    }
}

/// `value / step` rounded toward minus infinity; `step` is positive.
func flooredQuotient(_ value: Int64, _ step: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: step)
    return remainder < 0 ? quotient - 1 : quotient
}

extension [Tile] {
    fileprivate mutating func fold(_ row: RankedValue, hop: Int64, template: Partial) {
        let index = flooredQuotient(row.eventTime.microseconds, hop)
        let place = position(of: index)
        if place == count || self[place].index != index {
            insert(Tile(index: index, partial: template), at: place)
        }
        self[place].partial.fold(
            value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
    }

    /// The place of tile `index`, there or not.
    private func position(of index: Int64) -> Int {
        if let last, last.index == index { return count - 1 }
        if last.map({ $0.index < index }) ?? true { return count }
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low
    }

    fileprivate func merging(_ others: [Tile]) -> [Tile] {
        var merged: [Tile] = []
        merged.reserveCapacity(count + others.count)
        var rest = others[...]
        for tile in self {
            while let next = rest.first, next.index < tile.index {
                merged.append(next)
                rest.removeFirst()
            }
            merged.append(tile)
            if let same = rest.first, same.index == tile.index {
                merged[merged.count - 1].partial.merge(same.partial)
                rest.removeFirst()
            }
        }
        return merged + rest
    }
}

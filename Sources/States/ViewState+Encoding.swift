import Aggregates
public import Planning
import Values

// Version 1 of the bytes of a state:
//
//   version     1
//   partition   0 = none, 1 = several, else the partition + 2
//   newest      0 without rows (and nothing but the check follows), else 1 and the event time
//   latest      known-at less event time; of each feature 0, or 1 and the value
//   aggregates  by series
//     lifetime  the state
//     tiles     how many; the index of the first, then the distances; each followed by its state
//     newest    how many; of each row its distance to the newest row of all, known-at less event
//               time, and 0, or 1 and the value; the oldest first
//   check       4 bytes of XXH64 of all before, mixed with the layout's fingerprint
//
// Numbers are written as `StateWriter` does. The check tells damage and states of another layout,
// which could pass for numbers.

extension ViewState {
    /// The version of the bytes.
    static let version: UInt8 = 1

    /// The canonical bytes: equal for the same rows, whatever path led there.
    public var encoded: [UInt8] {
        var writer = StateWriter(capacity: 128)
        writer.write(byte: Self.version)
        writer.write(partition.code)
        writer.write(byte: newest == nil ? 0 : 1)
        if let newest {
            writer.write(signed: newest.microseconds)
            encodeContent(newest: newest, into: &writer)
        }
        let check = layout.check(of: writer.bytes[...])
        for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
            writer.write(byte: UInt8(truncatingIfNeeded: check >> shift))
        }
        return writer.bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corrupt` for anything else, states of other views included.
    public init(_ layout: StateLayout, encoded: [UInt8]) throws(StateError) {
        self.init(layout)
        do {
            try read(encoded)
        } catch {
            throw .corrupt(view: layout.view.name, error.message)
        }
    }

    /// Reads what `encoded` gives; who reads many states shares a layout.
    public init(view: ViewPlan, encoded: [UInt8]) throws(StateError) {
        try self.init(StateLayout(view), encoded: encoded)
    }

    private mutating func read(_ encoded: [UInt8]) throws(AggregateError) {
        var (reader, header) = try layout.open(encoded)
        (partition, newest) = (header.partition, header.newest)
        if let newest { try readContent(newest: newest, from: &reader) }
        try reader.finish()
    }

    private func encodeContent(newest: EventTime, into writer: inout StateWriter) {
        if let latest {
            writer.write(distance: latest.knownAt, from: latest.eventTime)
            for (value, type) in zip(latest.values, layout.types) {
                value.encode(as: type, into: &writer)
            }
        }
        for state in series { state.encode(newest: newest, into: &writer) }
    }

    private mutating func readContent(
        newest: EventTime, from reader: inout StateReader
    ) throws(AggregateError) {
        if layout.latestOrder != nil {
            let knownAt = try reader.readTime(from: newest)
            var values: [Scalar] = []
            for type in layout.types {
                values.append(try Scalar(anyFrom: &reader, type: type))
            }
            latest = LatestRow(eventTime: newest, knownAt: knownAt, values: values)
        }
        for index in series.indices {
            try series[index].read(
                layout.series[index], template: layout.templates[index], newest: newest,
                from: &reader)
        }
    }
}

/// What stands before the content of a state.
struct StateHeader {
    let partition: StatePartition
    /// When the newest row happened; nil without rows, and then nothing follows.
    let newest: EventTime?
}

extension StateLayout {
    /// What stands at the end of the bytes of a state.
    func check(of bytes: ArraySlice<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: hash64(bytes)) ^ fingerprint
    }

    /// Verifies the check of a state and reads its header.
    ///
    /// - Returns: a reader of the content, which ends before the check.
    func open(_ encoded: [UInt8]) throws(AggregateError) -> (StateReader, StateHeader) {
        let count = encoded.count - 4
        var reader = StateReader(encoded, count: max(0, count))
        guard count > 0 else { throw reader.corrupt("it ends too early") }
        var stored: UInt32 = 0
        for byte in encoded[count...].reversed() { stored = stored << 8 | UInt32(byte) }
        guard stored == check(of: encoded[..<count]) else {
            throw reader.corrupt("its check does not fit")
        }
        guard try reader.readByte() == ViewState.version else {
            throw reader.corrupt("its version is unknown")
        }
        let partition = try StatePartition(code: reader.readUnsigned(), reader)
        let newest = try reader.readFlag() ? EventTime(microseconds: reader.readSigned()) : nil
        return (reader, StateHeader(partition: partition, newest: newest))
    }
}

extension StatePartition {
    fileprivate var code: UInt64 {
        switch self {
        case .none: 0
        case .several: 1
        case .one(let partition): UInt64(partition) + 2
        }
    }

    fileprivate init(code: UInt64, _ reader: StateReader) throws(AggregateError) {
        switch code {
        case 0: self = .none
        case 1: self = .several
        default:
            guard let partition = UInt32(exactly: code - 2) else {
                throw reader.corrupt("a partition is out of range")
            }
            self = .one(partition)
        }
    }
}

extension SeriesState {
    fileprivate func encode(newest: EventTime, into writer: inout StateWriter) {
        switch self {
        case .lifetime(let partial): partial.encodeState(into: &writer)
        case .tiles(let tiles):
            writer.write(UInt64(tiles.count))
            var previous: Int64?
            for tile in tiles {
                if let previous {
                    writer.write(UInt64(bitPattern: tile.index &- previous))
                } else {
                    writer.write(signed: tile.index)
                }
                previous = tile.index
                tile.partial.encodeState(into: &writer)
            }
        case .newest(let kept):
            writer.write(UInt64(kept.rows.count))
            for row in kept.rows {
                writer.write(distance: row.eventTime, from: newest)
                writer.write(distance: row.knownAt, from: row.eventTime)
                row.value.encodeOptional(into: &writer)
            }
        }
    }

    fileprivate mutating func read(
        _ series: Series, template: Partial, newest: EventTime, from reader: inout StateReader
    ) throws(AggregateError) {
        switch series.identity.cut {
        case .lifetime:
            var partial = template
            try partial.readState(from: &reader)
            self = .lifetime(partial)
        case .tiles:
            var tiles: [Tile] = []
            try reader.readTiles { (index, reader) throws(AggregateError) in
                var tile = Tile(index: index, partial: template)
                try tile.partial.readState(from: &reader)
                tiles.append(tile)
            }
            self = .tiles(tiles)
        case .newest(let capacity):
            self = .newest(try reader.readRows(series, capacity: capacity, newest: newest))
        }
    }
}

extension StateReader {
    mutating func readTime(from base: EventTime) throws(AggregateError) -> EventTime {
        EventTime(microseconds: base.microseconds &+ (try readSigned()))
    }

    /// Calls `readTile` with the index of each tile, in ascending order, to read its state.
    mutating func readTiles(
        _ readTile: (Int64, inout StateReader) throws(AggregateError) -> Void
    ) throws(AggregateError) {
        var last: Int64?
        for _ in 0..<(try readCount()) {
            let index: Int64
            if let last {
                let distance: UInt64 = try readUnsigned()
                index = last &+ Int64(bitPattern: distance)
                guard index > last else { throw corrupt("tiles are out of order") }
            } else {
                index = try readSigned()
            }
            try readTile(index, &self)
            last = index
        }
    }

    /// The rows of a series of exact windows.
    mutating func readRows(
        _ series: Series, capacity: Int, newest: EventTime
    ) throws(AggregateError) -> RankedRows {
        let count = try readCount(limit: capacity)
        var rows: [RankedValue] = []
        for _ in 0..<count {
            let eventTime = try readTime(from: newest)
            let knownAt = try readTime(from: eventTime)
            rows.append(
                RankedValue(
                    eventTime: eventTime, knownAt: knownAt,
                    value: try Scalar(optionalFrom: &self, type: series.inputType)))
        }
        guard let kept = RankedRows(keeping: .newest, capacity: capacity, rows: rows) else {
            throw corrupt("rows are out of order")
        }
        return kept
    }
}

extension StateWriter {
    /// Wraps around, as reading does, so that no pair of times is too far apart.
    fileprivate mutating func write(distance time: EventTime, from base: EventTime) {
        write(signed: time.microseconds &- base.microseconds)
    }
}

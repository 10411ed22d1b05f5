import Aggregates
import Expressions
import Planning
public import Values

/// What one series of a state costs: rows of one input and one filter, kept once for all features
/// that can be read from it.
public struct SeriesEstimate: Hashable, Sendable {
    /// How the rows are cut up.
    public enum Cut: Hashable, Sendable {
        /// One state of all rows.
        case lifetime
        /// At most `count` tiles, each of the rows of one aligned span.
        case tiles(hop: EventDuration, count: Int)
        /// At most so many of the newest rows, each by itself.
        case rows(count: Int)
    }

    /// The features that are read from it.
    public let features: [String]
    /// What is folded, as it is written in a definition.
    public let call: String
    /// How.
    public let cut: Cut
    /// About how many bytes a tile, a row or the one state takes.
    public let bytesEach: Int

    /// About how many bytes it takes when every span has rows.
    public var bytes: Int {
        switch cut {
        case .lifetime: bytesEach
        case .tiles(_, let count), .rows(let count): bytesEach * count
        }
    }
}

extension StateLayout {
    /// How many rows an estimate puts into a tile, and into a state of all rows.
    public static let sampleRows = 16

    /// What the series of an aggregating view cost for one entity; none for latest values.
    public var estimates: [SeriesEstimate] {
        let names = view.features.names
        guard case .aggregates(let features) = view.features else { return [] }
        return zip(series, templates).map { series, template in
            SeriesEstimate(
                features: series.readings.map { names[$0.feature] },
                call: features[series.readings[0].feature].call,
                cut: cut(of: series), bytesEach: bytes(of: series, template))
        }
    }

    /// About how many bytes the state of an entity takes when every span has rows.
    public var estimatedBytes: Int {
        // Version, partition, newest event time and check.
        let frame = 1 + 1 + 9 + 4
        if latestOrder != nil {
            return frame + 2
                + types.map { 1 + Scalar.sample(0, of: $0).estimatedBytes }.reduce(0, +)
        }
        return estimates.map(\.bytes).reduce(frame, +)
    }

    private func cut(of series: Series) -> SeriesEstimate.Cut {
        switch series.identity.cut {
        case .lifetime: return .lifetime
        case .newest(let capacity): return .rows(count: capacity)
        case .tiles(let hop):
            // The window is aligned at its older end only, and rows may lie ahead of the clock.
            let span = (series.longest ?? 0) + view.admission.maxAhead.microseconds
            return .tiles(
                hop: EventDuration(microseconds: hop), count: Int((span + hop - 1) / hop) + 1)
        }
    }

    private func bytes(of series: Series, _ template: Partial) -> Int {
        let type = series.inputType ?? .null
        if case .newest = series.identity.cut {
            return 4 + 1 + 1 + Scalar.sample(0, of: type).estimatedBytes
        }
        var partial = template
        for row in 0..<Self.sampleRows {
            let time = EventTime(microseconds: Int64(row) * 977_000_000)
            partial.fold(value: .sample(row, of: type), eventTime: time, knownAt: time)
        }
        var writer = StateWriter()
        partial.encodeState(into: &writer)
        // The distance to the tile before takes a byte.
        return writer.bytes.count + 1
    }
}

extension AggregateFeature {
    fileprivate var call: String {
        let input = input?.canonicalText ?? ""
        return "\(function.name)(\(input))" + (filter.map { " where \($0.canonicalText)" } ?? "")
    }
}

extension Scalar {
    /// An unremarkable value, one of several.
    fileprivate static func sample(_ row: Int, of type: DataType) -> Scalar {
        switch type {
        case .null: .null
        case .bool: .bool(row % 2 == 0)
        case .int32, .int64: .integer(Int64(row * 37 % 101))
        case .float, .double: .double(Double(row * 37 % 101) + 0.25)
        case .string: .string("value \(row % 8)")
        case .bytes: .bytes(Array("value \(row % 8)".utf8))
        case .timestamp: .timestamp(EventTime(microseconds: Int64(row) * 1_000_003))
        case .date: .date(Int32(row))
        case .duration: .duration(EventDuration(microseconds: Int64(row) * 1_000_003))
        case .decimal(_, let scale):
            .decimal(Decimal128(unscaled: Int128(row * 37 % 101), scale: scale))
        case .list(let element): .list((0..<4).map { sample(row + $0, of: element) })
        case .vector(let length): .list((0..<length).map { .double(Double($0)) })
        }
    }

    fileprivate var estimatedBytes: Int {
        switch self {
        case .null: 0
        case .bool: 1
        case .integer: 2
        case .date: 3
        case .double, .timestamp, .duration: 8
        case .decimal: 16
        case .string(let text): 1 + text.utf8.count
        case .bytes(let bytes): 1 + bytes.count
        case .list(let elements): elements.reduce(1) { $0 + 1 + $1.estimatedBytes }
        }
    }
}

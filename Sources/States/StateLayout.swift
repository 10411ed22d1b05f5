import Aggregates
public import Expressions
public import Planning
public import Values

/// How the states of one view look: which inputs are folded into which series, and which feature
/// is read from where. Made once per view and shared by all its states.
public final class StateLayout: Sendable {
    /// The view.
    public let view: ViewPlan
    /// The distinct expressions whose values a row is folded with.
    public let inputs: [TypedExpression]
    /// Series of an aggregating view.
    let series: [Series]
    /// Empty states of the series' functions.
    let templates: [Partial]
    /// For latest values the features in order of their names, by which ties are decided; nil for
    /// aggregates.
    let latestOrder: [Int]?
    let types: [DataType]
    /// Told apart from states of other layouts by these bits.
    let fingerprint: UInt32

    /// Lays out the states of `view`.
    public init(_ view: ViewPlan) {
        self.view = view
        types = view.features.types
        switch view.features {
        case .latest(let features):
            inputs = features.map(\.expression)
            series = []
            let names = features.map { Array($0.name.utf8) }
            latestOrder = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
        case .aggregates(let features):
            var builder = SeriesBuilder()
            for (index, feature) in features.enumerated() { builder.add(feature, at: index) }
            inputs = builder.inputs
            series = builder.series
            latestOrder = nil
        }
        templates = series.map { $0.partial($0.function) }
        let digests = view.features.digests.flatMap(\.bytes)
        fingerprint = UInt32(truncatingIfNeeded: hash64(digests) ^ UInt64(ViewState.version))
    }

    /// Whether asking times are answered as of a cut.
    public var isBatchRefreshed: Bool {
        if case .every = view.refresh { true } else { false }
    }

    /// The identity of the layout: states of one are read with another of the same identity only.
    public var identity: [UInt8] {
        SHA256.hash([UInt8(ViewState.version)] + view.features.digests.flatMap(\.bytes))
    }

    /// Whether no window, asked at `seen`, reaches back to `newest`: then the answer is that of no
    /// rows, whether the state is still stored or not.
    func hasLeftWindows(_ newest: EventTime, seen: EventTime) -> Bool {
        latestOrder == nil && series.allSatisfy { $0.forgets(newest, at: seen) }
    }

    /// How long after the last row a state can still change an answer; nil = for ever.
    public var reach: EventDuration? {
        if latestOrder != nil { return nil }
        var reach = EventDuration.zero
        for series in series {
            guard let longest = series.longest else { return nil }
            var length = EventDuration(microseconds: longest)
            if case .tiles(let hop) = series.identity.cut {
                length = length.adding(EventDuration(microseconds: hop))
            }
            reach = max(reach, length)
        }
        return reach.adding(view.admission.maxAhead)
    }
}

/// Collects the series that a view's aggregates need.
private struct SeriesBuilder {
    private(set) var inputs: [TypedExpression] = []
    private(set) var series: [Series] = []

    mutating func add(_ feature: AggregateFeature, at index: Int) {
        let identity: Series.Identity
        let input = feature.input.map { position(of: $0) }
        let filter = feature.filter.map { position(of: $0) }
        let family = feature.function.family(inputType: feature.input?.type)
        var length: Int64?
        switch feature.window {
        case .lifetime:
            identity = Series.Identity(
                family: family, input: input, filter: filter, cut: .lifetime)
        case .tiled(let window, let hop):
            length = window.microseconds
            identity = Series.Identity(
                family: family, input: input, filter: filter,
                cut: .tiles(hop: hop.microseconds))
        case .exact(let window, let maxEvents):
            length = window.microseconds
            identity = Series.Identity(
                family: nil, input: input, filter: filter, cut: .newest(capacity: maxEvents))
        }
        add(
            Series.Reading(feature: index, function: feature.function, length: length), identity,
            feature.input?.type)
    }

    private mutating func add(
        _ reading: Series.Reading, _ identity: Series.Identity, _ inputType: DataType?
    ) {
        if let shared = series.firstIndex(where: { $0.identity == identity }) {
            series[shared].add(reading)
        } else {
            series.append(Series(identity, inputType: inputType, reading))
        }
    }

    private mutating func position(of expression: TypedExpression) -> Int {
        if let known = inputs.firstIndex(of: expression) { return known }
        inputs.append(expression)
        return inputs.count - 1
    }
}

import Aggregates
public import Planning
public import Values

// The state of a view for one entity.
//
// Idea. A window asks for the rows of a span of event time whose tail is aligned to its hop. So rows
// are folded into tiles, one for each span of a hop, and a window is the merge of its tiles; exact
// windows keep their newest rows, lifetimes one fold, latest values the newest row. Aggregates of
// the same input, filter and hop share their tiles.
//
// Invariant. A state is a function of the multiset of its rows: folding and merging in any order
// give the same bytes, and pruning commutes with both.
//
// Cost. A fold is O(series); an answer O(tiles inside the longest window).

/// What one view keeps for one entity so that its features can be answered at any later time.
public struct ViewState: Sendable {
    /// How the state is laid out.
    public let layout: StateLayout
    /// When the newest row happened; nil without rows.
    public internal(set) var newest: EventTime?
    /// Which partitions of a stream its rows came from.
    public var partition = StatePartition.none
    var series: [SeriesState]
    var latest: LatestRow?

    /// Starts with no rows.
    public init(_ layout: StateLayout) {
        self.layout = layout
        series = zip(layout.series, layout.templates).map { SeriesState(empty: $0, template: $1) }
    }

    /// Starts with no rows of `view`; who makes many states shares a layout.
    public init(view: ViewPlan) { self.init(StateLayout(view)) }

    /// Adds an admitted row that passes the view's filter.
    ///
    /// - Parameters:
    ///   - eventTime: when it happened.
    ///   - knownAt: when it became known.
    ///   - values: the row's values of `layout.inputs`, each null or of the expression's type.
    ///   - horizon: the earliest time that the state is going to be asked at; what nobody sees then
    ///     is left out, as `pruned(to:)` does later.
    public mutating func fold(
        eventTime: EventTime, knownAt: EventTime, values: [Scalar],
        horizon: EventTime = .distantPast
    ) {
        precondition(values.count == layout.inputs.count, "a row has one value for each input")
        newest = max(newest ?? eventTime, eventTime)
        if let order = layout.latestOrder {
            take(
                LatestRow(
                    eventTime: eventTime, knownAt: knownAt, values: values.map(\.canonical)),
                order)
            return
        }
        for index in series.indices {
            let plan = layout.series[index]
            if plan.forgets(eventTime, at: horizon) { continue }
            if let filter = plan.identity.filter, values[filter] != .bool(true) { continue }
            let value = plan.identity.input.map { values[$0].canonical } ?? .null
            series[index].fold(
                RankedValue(eventTime: eventTime, knownAt: knownAt, value: value), plan,
                template: layout.templates[index])
        }
    }

    /// Adds all rows of `other`, a state of the same view.
    public mutating func merge(_ other: ViewState) {
        precondition(
            layout === other.layout || layout.fingerprint == other.layout.fingerprint,
            "states of different views do not merge")
        partition = partition.merged(with: other.partition)
        guard let otherNewest = other.newest else { return }
        newest = max(newest ?? otherNewest, otherNewest)
        if let order = layout.latestOrder {
            if let row = other.latest { take(row, order) }
            return
        }
        for index in series.indices { series[index].merge(other.series[index]) }
    }

    /// The state without what no asking time from `time` on sees.
    public func pruned(to time: EventTime) -> ViewState {
        var pruned = self
        pruned.prune(to: time)
        return pruned
    }

    /// Leaves out what no asking time from `time` on sees; what has nothing of it is not copied.
    public mutating func prune(to time: EventTime) {
        for index in series.indices {
            let plan = layout.series[index]
            guard series[index].hasUnseen(at: time, plan) else { continue }
            series[index] = series[index].pruned(to: time, plan)
        }
    }

    /// Whether no answer from `time` on differs from that of no rows, so that it need not be kept.
    public func isExpired(at time: EventTime) -> Bool {
        guard let newest else { return true }
        guard let reach = layout.reach else { return false }
        return newest.advanced(by: reach) < time
    }

    private mutating func take(_ row: LatestRow, _ order: [Int]) {
        if let latest, !row.replaces(latest, order: order) { return }
        latest = row
    }
}

extension ViewState: Hashable {
    /// Whether both have the same bytes.
    public static func == (left: ViewState, right: ViewState) -> Bool {
        left.encoded == right.encoded
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}

extension ViewState {
    /// About how many bytes of memory it takes, for who bounds its memory.
    package var approximateSize: Int {
        series.reduce(200) { size, state in
            switch state {
            case .lifetime: size + 150
            case .tiles(let tiles): size + 32 + tiles.count * 200
            case .newest(let kept): size + 32 + kept.rows.count * 72
            }
        }
    }
}

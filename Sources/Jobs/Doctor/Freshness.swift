public import Planning
public import Values

/// Whether a live generation is as new as its view's schedule wants it.
public enum Freshness: Hashable, Sendable {
    /// The view has no schedule: rows come when they come.
    case unscheduled
    /// It is of the newest cut that may be asked.
    case onSchedule
    /// It is of an earlier cut than this one.
    case late(wanted: EventTime)
    /// It is of a later cut than the clock may ask for.
    case ahead

    /// Compares what a view is true as of with what its schedule wants.
    public init(of view: ViewPlan, cut: EventTime, now: EventTime) {
        guard case .every(let interval, let delay) = view.refresh else {
            self = .unscheduled
            return
        }
        let wanted = now.advanced(by: EventDuration(microseconds: -delay.microseconds))
            .floor(to: interval)
        self = cut < wanted ? .late(wanted: wanted) : cut == wanted ? .onSchedule : .ahead
    }
}

public import Values

/// How a view reaches the online store.
public enum Refresh: Hashable, Sendable {
    /// Row by row; training waits `visibleDelay` longer than known-at.
    case stream(visibleDelay: EventDuration)
    /// At the multiples of a period since the Unix epoch, each asked from `delay` after it on.
    case every(EventDuration, delay: EventDuration)
}

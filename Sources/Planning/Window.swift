public import Values

/// How far back an aggregate looks.
public enum Window: Hashable, Sendable {
    /// To the beginning of time.
    case lifetime
    /// `length` back from the asking time, the tail aligned to multiples of `hop`, which divides
    /// `length`.
    case tiled(length: EventDuration, hop: EventDuration)
    /// `length` back to the microsecond, over the newest `maxEvents` rows only.
    case exact(length: EventDuration, maxEvents: Int)
}

import Glibc
public import Values

/// The clock that features are asked by.
public struct ServerClock: Sendable {
    private let frozen: EventTime?

    /// The machine's clock.
    public static let system = ServerClock(frozenAt: nil)

    /// A clock that stands still at `time`, for demonstrations and replays; nil is the machine's.
    public init(frozenAt time: EventTime?) {
        frozen = time
    }

    /// The time it shows.
    public var now: EventTime {
        if let frozen { return frozen }
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return EventTime(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// A clock that never goes back.
enum MonotonicClock {
    static var nanoseconds: UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

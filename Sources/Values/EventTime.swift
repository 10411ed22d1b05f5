/// A point in time: microseconds since 1970-01-01T00:00:00Z, in the proleptic Gregorian calendar.
public struct EventTime: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch; negative before it.
    public var microseconds: Int64

    /// Wraps a number of microseconds since the Unix epoch.
    @inlinable
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The earliest representable time.
    public static let distantPast = EventTime(microseconds: .min)
    /// The latest representable time.
    public static let distantFuture = EventTime(microseconds: .max)

    /// Whether `left` is earlier.
    @inlinable
    public static func < (left: EventTime, right: EventTime) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The time `duration` later, clamped to the representable range.
    @inlinable
    public func advanced(by duration: EventDuration) -> EventTime {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.microseconds)
        if overflow { return duration.microseconds < 0 ? .distantPast : .distantFuture }
        return EventTime(microseconds: sum)
    }

    /// The time from `earlier` to this one, clamped to the representable range.
    @inlinable
    public func since(_ earlier: EventTime) -> EventDuration {
        let (difference, overflow) =
            microseconds.subtractingReportingOverflow(earlier.microseconds)
        if overflow { return EventDuration(microseconds: microseconds < 0 ? .min : .max) }
        return EventDuration(microseconds: difference)
    }

    /// The greatest multiple of `step` since the epoch that is not after this time.
    ///
    /// Rounds toward minus infinity, so it is right before 1970 too, and is clamped to the
    /// representable range. `step` must be positive.
    @inlinable
    public func floor(to step: EventDuration) -> EventTime {
        precondition(step.microseconds > 0, "a step must be positive")
        let remainder = microseconds % step.microseconds
        let shift = remainder < 0 ? remainder + step.microseconds : remainder
        let (floored, overflow) = microseconds.subtractingReportingOverflow(shift)
        return EventTime(microseconds: overflow ? .min : floored)
    }
}

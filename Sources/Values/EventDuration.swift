/// A length of time in whole microseconds.
public struct EventDuration: Hashable, Comparable, Sendable {
    /// The length in microseconds; negative lengths exist as differences of times.
    public var microseconds: Int64

    /// Wraps a number of microseconds.
    @inlinable
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// No time at all.
    public static let zero = EventDuration(microseconds: 0)

    /// Whether `left` is shorter.
    @inlinable
    public static func < (left: EventDuration, right: EventDuration) -> Bool {
        left.microseconds < right.microseconds
    }

    /// A number of seconds; traps on overflow, so use it with constants only.
    public static func seconds(_ count: Int64) -> EventDuration {
        EventDuration(microseconds: count * 1_000_000)
    }

    /// A number of minutes; traps on overflow, so use it with constants only.
    public static func minutes(_ count: Int64) -> EventDuration { .seconds(count * 60) }

    /// A number of hours; traps on overflow, so use it with constants only.
    public static func hours(_ count: Int64) -> EventDuration { .minutes(count * 60) }

    /// A number of days of 24 hours; traps on overflow, so use it with constants only.
    public static func days(_ count: Int64) -> EventDuration { .hours(count * 24) }

    /// The sum, clamped to the representable range.
    public func adding(_ other: EventDuration) -> EventDuration {
        let (sum, overflow) = microseconds.addingReportingOverflow(other.microseconds)
        if overflow { return EventDuration(microseconds: other.microseconds < 0 ? .min : .max) }
        return EventDuration(microseconds: sum)
    }
}

extension EventDuration {
    /// The units of the definition language, greatest first, with their lengths in microseconds.
    public static let units: [(name: String, microseconds: Int64)] = [
        ("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000),
        ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
    ]

    /// Reads a positive integer followed by a unit (`7d`, `90m`, `250ms`).
    ///
    /// - Returns: nil when the text has another form, is zero, or does not fit 64 bits.
    public init?(parsing text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        guard let count = Int64(digits), count > 0,
            let factor = Self.units.first(where: { $0.name == unit })?.microseconds
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        self.init(microseconds: product)
    }
}

extension EventDuration: CustomStringConvertible {
    /// The canonical spelling: the greatest unit that divides the length, so that `60m` is `1h`.
    public var description: String {
        if microseconds == 0 { return "0s" }
        let unit = Self.units.first { microseconds % $0.microseconds == 0 } ?? ("us", 1)
        return "\(microseconds / unit.microseconds)\(unit.name)"
    }
}

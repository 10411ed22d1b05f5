public import Values

/// A span of event time: from `from` on, before `to`.
public struct LakeInterval: Hashable, Sendable {
    /// The first instant inside.
    public var from: EventTime
    /// The first instant after it.
    public var to: EventTime

    /// Makes an interval, which must not be empty.
    public init(from: EventTime, to: EventTime) {
        precondition(from < to, "an interval that is empty")
        self.from = from
        self.to = to
    }

    /// Whether both have an instant.
    public func overlaps(_ other: LakeInterval) -> Bool { from < other.to && other.from < to }

    /// Whether `time` is inside.
    public func contains(_ time: EventTime) -> Bool { from <= time && time < to }
}

extension LakeInterval: CustomStringConvertible {
    /// `FROM to TO`.
    public var description: String { "\(from) to \(to)" }
}

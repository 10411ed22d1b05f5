/// Which partitions of a stream a state was folded from: what shows that a topic is not keyed as
/// its view says.
public enum StatePartition: Hashable, Sendable {
    /// From batch rows alone.
    case none
    /// From batch rows and one partition.
    case one(UInt32)
    /// From several partitions.
    case several

    /// The partitions of both.
    public func merged(with other: StatePartition) -> StatePartition {
        if self == .none || self == other { return other }
        return other == .none ? self : .several
    }
}

public import Records

/// Where a processor's records come from: partitions of one topic, shared with the other members
/// of a group.
///
/// Used by one thread. Where it reads on is the processor's to say.
public protocol RecordFeed: AnyObject {
    /// Waits for what comes next.
    ///
    /// - Parameter milliseconds: at most so long.
    /// - Returns: what came; what the group decided comes before records.
    /// - Throws: what the broker refuses.
    func poll(milliseconds: Int32) throws -> FeedEvent

    /// Reads these partitions and no others from these offsets on.
    func start(_ positions: [Int32: Int64]) throws

    /// Goes on reading one partition at another offset.
    func seek(_ partition: Int32, to offset: Int64) throws

    /// The first offset that a partition has, and the one that its next record will get.
    func bounds(of partition: Int32) throws -> Range<Int64>

    /// How many partitions the topic has.
    func partitionCount() throws -> Int

    /// Tells the broker how far the group is: for tools that show lag, and for nothing else.
    func report(_ positions: [Int32: Int64]) throws

    /// Leaves the group and joins it again, with nothing assigned.
    func rejoin() throws
}

/// What a feed has to say.
public enum FeedEvent: Sendable {
    /// Records; of each partition one batch at most.
    case records([RecordBatch])
    /// These partitions are the processor's now: call `start` with the positions to read from.
    case assigned([Int32])
    /// These partitions are another's now.
    case revoked([Int32])
    /// Nothing within the time.
    case nothing
}

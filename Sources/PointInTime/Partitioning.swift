/// Spreads numbered entities over a power of two of partitions, the unit of parallel work.
///
/// Entity `id` is local number `id / count` of partition `id % count`, so that the busy entities,
/// which tend to appear first, land in different partitions. The number of partitions depends on
/// the number of entities alone: results cannot depend on the number of workers.
struct Partitioning: Sendable {
    private let shift: Int32
    private let entityCount: Int

    /// Spreads `entityCount` entities over at most 256 partitions.
    init(entityCount: Int) {
        self.entityCount = entityCount
        var shift: Int32 = 0
        while shift < 8, 1 << shift < entityCount { shift += 1 }
        self.shift = shift
    }

    var partitionCount: Int { 1 << Int(shift) }

    func partition(of entity: Int32) -> Int { Int(entity & (1 &<< shift - 1)) }

    func local(_ entity: Int32) -> Int { Int(entity >> shift) }

    /// How many entities partition `partition` has.
    func entityCount(in partition: Int) -> Int {
        (entityCount - partition + partitionCount - 1) >> Int(shift)
    }
}

/// The keys of what is no state. Their first word keeps them apart from states.
enum RedisMetaKey {
    static let next = Array("r1m:{0}:next".utf8)
    static let doomed = Array("r1m:{0}:doomed".utf8)
    static let project = Array("r1m:{0}:project".utf8)
    static let writer = Array("r1m:{0}:writer".utf8)

    static func written(_ view: String) -> [UInt8] { Array("r1m:{0}:written:\(view)".utf8) }

    static func stream(_ view: String) -> [UInt8] { Array("r1m:{0}:stream:\(view)".utf8) }

    static func checkpoint(_ generation: UInt64, _ partition: Int) -> [UInt8] {
        Array("r1c:{0}:\(generation):\(partition)".utf8)
    }

    static func checkpoints(_ generation: UInt64, _ partitions: Range<Int>) -> [[UInt8]] {
        partitions.map { checkpoint(generation, $0) }
    }

    static func pointer(to area: StoreArea) -> [UInt8] {
        area.isWritten ? written(area.view) : live(area.view)
    }

    static func live(_ view: String) -> [UInt8] { Array("r1m:{0}:live:\(view)".utf8) }
}

/// The keys of what is no state. Their first word keeps them apart from states.
enum RedisMetaKey {
    static let next = Array("r1m:{0}:next".utf8)
    static let doomed = Array("r1m:{0}:doomed".utf8)
    static let project = Array("r1m:{0}:project".utf8)
    static let writer = Array("r1m:{0}:writer".utf8)

    static func written(_ view: String) -> [UInt8] { Array("r1m:{0}:written:\(view)".utf8) }

    static func pointer(to area: StoreArea) -> [UInt8] {
        area.isWritten ? written(area.view) : live(area.view)
    }

    static func live(_ view: String) -> [UInt8] { Array("r1m:{0}:live:\(view)".utf8) }
}

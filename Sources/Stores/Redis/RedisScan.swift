import Redis

/// A walk over the keys of a server that match a pattern, in small steps between which others are
/// served. A key may come twice.
struct RedisScan {
    private static let stepCount = 2000

    private let pattern: [UInt8]
    private var cursor: [UInt8]? = Array("0".utf8)

    init(_ pattern: [UInt8]) {
        self.pattern = pattern
    }

    /// The keys of the next step, maybe none; nil at the end.
    mutating func next(_ connection: RedisConnection) throws(RedisError) -> [[UInt8]]? {
        guard let cursor else { return nil }
        var scan = RedisCommands()
        scan.append(
            "SCAN",
            [
                cursor, Array("MATCH".utf8), pattern, Array("COUNT".utf8),
                Array("\(Self.stepCount)".utf8),
            ])
        let parts = try connection.run(scan)[0].elements(2)
        var found: [[UInt8]] = []
        for reply in try parts[1].elements() {
            if let key = try reply.optionalBytes() { found.append(key) }
        }
        let next = try parts[0].optionalBytes() ?? Array("0".utf8)
        self.cursor = next == Array("0".utf8) ? nil : next
        return found
    }
}

/// Which master has which slots.
struct ClusterMap: Hashable, Sendable {
    /// The masters, each once.
    private(set) var masters: [RedisAddress.Place] = []
    /// For each slot the index of its master; -1 for a slot that none has.
    private var owners = [Int16](repeating: -1, count: HashSlot.count)

    /// Nobody has anything.
    init() {}

    /// Reads the answer to `CLUSTER SLOTS`: ranges, each with its master and replicas.
    ///
    /// - Parameters:
    ///   - reply: the answer.
    ///   - host: the host that was asked, for a server that does not know its own name.
    /// - Throws: `protocolViolation` for anything else.
    init(_ reply: RedisReply, askedAt host: String) throws(RedisError) {
        for range in try reply.elements() {
            let parts = try range.elements()
            guard parts.count >= 3 else { throw Self.broken }
            let (first, last) = (try parts[0].number(), try parts[1].number())
            guard 0 <= first, first <= last, last < HashSlot.count else { throw Self.broken }
            let master = try parts[2].elements()
            guard master.count >= 2,
                let port = UInt16(exactly: try master[1].number())
            else { throw Self.broken }
            let name = String(decoding: try master[0].optionalBytes() ?? [], as: UTF8.self)
            take(.host(name.isEmpty ? host : name, port: port), Int(first)...Int(last))
        }
    }

    /// The master of `slot`, or nil while nobody has it.
    func master(of slot: Int) -> RedisAddress.Place? {
        owners[slot] < 0 ? nil : masters[Int(owners[slot])]
    }

    private mutating func take(_ master: RedisAddress.Place, _ slots: ClosedRange<Int>) {
        let index = masters.firstIndex(of: master) ?? masters.count
        if index == masters.count { masters.append(master) }
        for slot in slots { owners[slot] = Int16(index) }
    }

    private static let broken = RedisError(
        .protocolViolation, "Redis describes its cluster in a way that cannot be read")
}

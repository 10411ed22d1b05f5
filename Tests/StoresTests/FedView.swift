import CommitProtocol
import Redis
import Testing
import Values

@testable import Stores

/// A view that a stream feeds while its generations are replaced, and what must be true of it
/// whatever went wrong.
struct FedView: Sendable {
    /// How many entities a generation has.
    static let entities = 20 as Int64

    let conformance: StreamConformance

    /// Entity 1 gets a row from the stream; the others stay as they were built.
    init(_ open: @escaping @Sendable () throws -> any OnlineStore) {
        conformance = StreamConformance(open: open)
    }

    /// Publishes a generation and begins to feed it.
    func begin() throws {
        let record = try conformance.stream(conformance.open(), mark: 1)
        try feed(record.live.generation)
    }

    /// Builds another generation, feeds it and publishes it.
    func replace(mark: Int64, in store: (any OnlineStore)? = nil) throws {
        let store = try store ?? conformance.open()
        try conformance.writer(store, mark: mark).leaveToStream()
        try publish(store)
    }

    /// Feeds the generation that is built beside the live one, and publishes it.
    func publish(_ store: any OnlineStore) throws {
        guard let record = try store.streamRecord(of: "v"), let next = record.next else { return }
        try store.beginStream(of: next.generation, at: [0: Position(0)])
        var begun = record
        begun.next?.partitions = 1
        #expect(try store.replaceStreamRecord(of: "v", record, with: begun))
        try feed(next.generation, in: store)
        #expect(try store.publishNext(begun) != nil)
    }

    private func feed(_ generation: Generation, in store: (any OnlineStore)? = nil) throws {
        let committer = try (store ?? conformance.open()).streamCommitter(
            of: generation.id, partition: 0, isShared: false)
        guard case .resume(let position) = try committer.claim(token()) else { return }
        if position == Position(0) { _ = try committer.commit(conformance.batch(0..<1, [1])) }
    }

    private func token() -> OwnerToken { conformance.token(.random(in: 1 ... .max)) }

    /// Another writer comes and removes what nobody wants.
    func buildAndAbandon() throws {
        try conformance.writer(conformance.open(), mark: 99).abandon()
    }

    /// The right of a writer that died is over after a minute.
    func endLease(_ pool: RedisPool) throws {
        _ = try pool.withConnection { connection throws(RedisError) in
            try connection.run("DEL", "r1m:{0}:writer")
        }
    }

    /// How many generations were begun, as the server says.
    static func count(_ pool: RedisPool) throws -> [UInt8]? {
        try pool.withConnection { connection throws(RedisError) in
            try connection.run("GET", "r1m:{0}:next").optionalBytes()
        }
    }

    /// Checks that the live generation is whole, and fed.
    ///
    /// - Returns: its mark.
    @discardableResult
    func check(_ name: String) throws -> Int64 {
        let store = try conformance.open()
        let live = try #require(try store.liveGeneration(view: "v"), "\(name)")
        let mark = live.cut.microseconds
        let record = try #require(try store.streamRecord(of: "v"), "\(name)")
        #expect(record.live.generation == live, "\(name)")
        let found = try store.checkpoints(of: live.id, partitions: 1)
        let checkpoint = try #require(found[0], "\(name)")
        let states = try conformance.states(Array(0...Self.entities))
        for (entity, state) in states.enumerated() {
            let isFed = entity == 1 && checkpoint.next == Position(1)
            let whole = isFed ? "\(mark) \(entity) 0" : "\(mark) \(entity)"
            #expect(state == (entity < Self.entities ? whole : nil), "\(name)")
        }
        return mark
    }

    /// Checks that what is built beside the live generation is whole too, by publishing it; and that
    /// nothing else is left in the server.
    func checkNext(_ name: String, _ pool: RedisPool) throws {
        try publish(conformance.open())
        try check(name)
        try buildAndAbandon()
        let count = { (pattern: String) in
            try pool.withConnection { connection throws(RedisError) in
                try connection.run("KEYS", pattern).elements().count
            }
        }
        #expect(try count("r1:*") == Int(Self.entities), "\(name)")
        #expect(try count("r1c:*") == 1, "\(name)")
    }
}

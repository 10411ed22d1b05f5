import Redis
import Values

/// Fills a generation through one connection: while a batch is on its way the next is prepared.
final class RedisGenerationWriter: GenerationWriter {
    /// A batch is sent when it has this many bytes or states.
    private static let batchBytes = 256 << 10
    private static let batchCount = 2000

    let id: UInt64
    private let plan: GenerationPlan
    private let store: RedisOnlineStore
    private let connection: RedisConnection
    private var lease: RedisWriterLease
    private var batch = RedisCommands()
    /// Commands that were sent and not answered.
    private var underWay = 0
    private var last: [UInt8]?
    private var entities = 0
    private var isOver = false

    init(_ plan: GenerationPlan, store: RedisOnlineStore) throws(StoreError) {
        self.plan = plan
        self.store = store
        let connection = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            let connection = try store.pool.makeConnection()
            let report = try RedisServerReport(asking: connection)
            if let objection = report.objections(
                now: RedisOnlineStore.now(), isWriting: true
            ).first {
                throw objection
            }
            return connection
        }
        self.connection = connection
        lease = try RedisWriterLease(connection)
        do throws(StoreError) {
            try DoomedGenerations(connection, store.keys).remove(renewing: &lease)
            id = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                var commands = RedisCommands()
                commands.append("INCR", [RedisMetaKey.next])
                return UInt64(bitPattern: try connection.run(commands)[0].number())
            }
            try lease.transact(connection) { [id] commands in
                commands.append(
                    "HSET", [RedisMetaKey.doomed, Array("\(id)".utf8), Array(plan.view.utf8)])
            }
        } catch {
            try? lease.release(connection)
            throw error
        }
    }

    deinit { abandon() }

    func append(_ entity: [UInt8], _ value: [UInt8]) throws(StoreError) {
        precondition(!isOver, "the generation is published or abandoned")
        if let last, !last.lexicographicallyPrecedes(entity) {
            throw StoreError(
                .misuse, "entities of '\(plan.view)' are written out of order or twice")
        }
        last = entity
        entities += 1
        batch.appendSet(store.keys.bytes(generation: id, entity: entity), value)
        if batch.bytes.count >= Self.batchBytes || batch.count >= Self.batchCount { try flush() }
    }

    func publish() throws(StoreError) -> Generation {
        precondition(!isOver, "the generation is published or abandoned")
        try flush()
        try settle()
        let generation = Generation(
            id: id, view: plan.view, layout: plan.layout, identity: plan.identity, cut: plan.cut,
            entities: entities)
        let replaced = try store.liveGeneration(view: plan.view)
        do throws(StoreError) {
            try lease.transact(connection) { commands in
                commands.append("SET", [RedisMetaKey.live(plan.view), generation.encoded])
                commands.append("HDEL", [RedisMetaKey.doomed, Array("\(id)".utf8)])
                if let replaced {
                    commands.append(
                        "HSET",
                        [
                            RedisMetaKey.doomed, Array("\(replaced.id)".utf8),
                            Array(plan.view.utf8),
                        ])
                }
            }
        } catch  where error.code == .unavailable {
            // The connection broke after the transaction was sent: the pointer tells whether it
            // was done.
            guard try store.liveGeneration(view: plan.view) == generation else { throw error }
        }
        isOver = true
        // It is live: what fails from here on costs space until the next writer comes.
        tidy()
        return generation
    }

    func abandon() {
        if isOver { return }
        isOver = true
        tidy()
    }

    /// Removes doomed states and gives the right to write back, as far as the server lets it.
    private func tidy() {
        guard !connection.isBroken else { return }
        try? settle()
        guard !connection.isBroken else { return }
        try? DoomedGenerations(connection, store.keys).remove(renewing: &lease)
        guard !connection.isBroken else { return }
        try? lease.release(connection)
    }

    /// Sends the batch after the one before it was answered.
    private func flush() throws(StoreError) {
        if batch.count == 0 { return }
        try settle()
        try lease.renew(connection)
        try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try connection.send(batch)
        }
        underWay = batch.count
        batch.removeAll()
    }

    /// Waits until all that was sent is written.
    private func settle() throws(StoreError) {
        try RedisOnlineStore.storeErrors { () throws(RedisError) in
            let count = underWay
            underWay = 0
            for reply in try connection.receive(count) { try reply.confirm() }
        }
    }
}

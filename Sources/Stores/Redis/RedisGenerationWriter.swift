import Redis
import Values

/// Fills a generation: while a batch is on its way the next one is prepared.
final class RedisGenerationWriter: GenerationWriter {
    /// A batch is sent when it has this many bytes or states.
    private static let batchBytes = 256 << 10
    private static let batchCount = 2000

    let id: UInt64
    private let plan: GenerationPlan
    private let store: RedisOnlineStore
    private let stream: RedisStream
    private var lease: RedisWriterLease
    private var batch = KeyedCommands()
    private var batchBytes = 0
    private var entities = AscendingEntities()
    private var isOver = false

    init(_ plan: GenerationPlan, store: RedisOnlineStore) throws(StoreError) {
        self.plan = plan
        self.store = store
        stream = RedisStream(store.deployment)
        lease = try RedisWriterLease(store.deployment)
        do throws(StoreError) {
            try DoomedGenerations(store.deployment, store.keys).remove(renewing: &lease)
            id = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try store.deployment.withServer(of: RedisMetaKey.next) {
                    connection throws(RedisError) in
                    var commands = RedisCommands()
                    commands.append("INCR", [RedisMetaKey.next])
                    return UInt64(bitPattern: try connection.run(commands)[0].number())
                }
            }
            let owner = try store.hasOwner() ? nil : store.project
            try lease.transact { [id] commands in
                if let owner { commands.append("SET", [RedisMetaKey.project, Array(owner.utf8)]) }
                commands.append(
                    "HSET", [RedisMetaKey.doomed, Array("\(id)".utf8), Array(plan.view.utf8)])
            }
        } catch {
            try? lease.release()
            throw error
        }
    }

    deinit { abandon() }

    func append(_ entity: [UInt8], _ value: [UInt8]) throws(StoreError) {
        precondition(!isOver, "the generation is published or abandoned")
        try entities.take(entity, of: plan.view)
        batch.appendSet(store.keys.bytes(generation: id, entity: entity), value)
        batchBytes += entity.count + value.count
        if batchBytes >= Self.batchBytes || batch.count >= Self.batchCount { try flush() }
    }

    func publish() throws(StoreError) -> Generation {
        precondition(!isOver, "the generation is published or abandoned")
        try flush()
        try settle()
        let generation = Generation(
            id: id, view: plan.view, layout: plan.layout, identity: plan.identity, cut: plan.cut,
            entities: entities.count)
        let replaced = try store.liveGeneration(view: plan.view)
        do throws(StoreError) {
            try lease.transact { commands in
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
        // It is live: what fails from here on costs space until the next writer comes. A failover
        // could bring the replaced pointer back while no replica has the new one: the states that
        // it names must be there then.
        tidy(keepsReplaced: store.deployment.failsOver && !lease.isReplicated())
        return generation
    }

    func abandon() {
        if isOver { return }
        isOver = true
        tidy(keepsReplaced: false)
    }

    /// Removes doomed states and gives the right to write back, as far as the server lets it.
    private func tidy(keepsReplaced: Bool) {
        try? stream.settle()
        if !keepsReplaced {
            try? DoomedGenerations(store.deployment, store.keys).remove(renewing: &lease)
        }
        try? lease.release()
    }

    /// Sends the batch after the one before it was answered.
    private func flush() throws(StoreError) {
        if batch.count == 0 { return }
        try lease.renew()
        try RedisOnlineStore.storeErrors { () throws(RedisError) in try stream.send(batch) }
        batch.removeAll()
        batchBytes = 0
    }

    /// Waits until all that was sent is written.
    private func settle() throws(StoreError) {
        try RedisOnlineStore.storeErrors { () throws(RedisError) in try stream.settle() }
    }
}

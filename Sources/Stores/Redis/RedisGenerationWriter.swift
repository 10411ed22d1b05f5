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
            try store.doomed.remove(renewing: &lease)
            id = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try store.deployment.withServer(of: RedisMetaKey.next) {
                    connection throws(RedisError) in
                    var commands = RedisCommands()
                    commands.append("INCR", [RedisMetaKey.next])
                    return UInt64(bitPattern: try connection.run(commands)[0].number())
                }
            }
            if let owner = try store.hasOwner() ? nil : store.project {
                try lease.transact { commands in
                    commands.append("SET", [RedisMetaKey.project, Array(owner.utf8)])
                }
            }
            try lease.transact { [id] commands in
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
        let generation = try finished()
        if let replaced = try store.liveGeneration(view: plan.view) {
            try store.doomed.mark(replaced.id, of: plan.view)
        }
        do throws(StoreError) {
            try lease.change([RedisMetaKey.stream(plan.view)]) { there throws(StoreError) in
                guard try StreamRecord.stored(there[0]) == nil else {
                    throw .isStreamed(plan.view)
                }
                return .setting([RedisMetaKey.live(plan.view), generation.encoded])
            }
        } catch  where error.code == .unavailable {
            // The connection broke after the transaction was sent: the pointer tells whether it
            // was done.
            guard try store.liveGeneration(view: plan.view) == generation else { throw error }
        }
        settleAs(kept: generation)
        return generation
    }

    func leaveToStream() throws(StoreError) -> Generation {
        let generation = try finished()
        do throws(StoreError) {
            try leave(generation)
        } catch  where error.code == .unavailable {
            let there = try store.streamRecord(of: plan.view)
            guard there?.fed(generation.id) != nil else { throw error }
        }
        settleAs(kept: generation)
        return generation
    }

    /// Sends all that is left, and waits until it is written.
    private func finished() throws(StoreError) -> Generation {
        precondition(!isOver, "the generation is published or abandoned")
        try flush()
        try settle()
        return Generation(
            id: id, view: plan.view, layout: plan.layout, identity: plan.identity, cut: plan.cut,
            entities: entities.count)
    }

    /// Puts the generation into the record, and takes the checkpoints of the one that stood there.
    private func leave(_ generation: Generation) throws(StoreError) {
        let key = RedisMetaKey.stream(plan.view)
        try lease.change([key]) { there throws(StoreError) in
            guard let record = try StreamRecord.stored(there[0]) else {
                throw .isNotStreamed(plan.view)
            }
            var pairs = [key, record.building(generation).encoded]
            if let dropped = record.next {
                try store.doomed.mark(dropped.generation.id, of: plan.view)
                pairs += dropped.takenCheckpoints
            }
            return .setting(pairs)
        }
    }

    /// Ends the work on a generation that a pointer or a record names.
    ///
    /// What fails from here on costs space until the next writer comes. A failover could bring the
    /// replaced pointer back while no replica has the new one: the states that it names must be
    /// there then.
    private func settleAs(kept generation: Generation) {
        isOver = true
        try? lease.transact { commands in
            commands.append("HDEL", [RedisMetaKey.doomed, Array("\(generation.id)".utf8)])
        }
        tidy(keepsReplaced: store.deployment.failsOver && !lease.isReplicated())
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
            try? store.doomed.remove(renewing: &lease)
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

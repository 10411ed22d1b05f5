import Values

/// Fills a generation in transactions of bounded size.
final class LMDBGenerationWriter: GenerationWriter {
    /// Transactions stay far below the size at which LMDB spills pages.
    private static let greatestBatchBytes = 4 << 20
    private static let greatestBatchCount = 10_000

    let id: UInt64
    private let plan: GenerationPlan
    private let environment: LMDBEnvironment
    private let keys: StoreKey
    /// Held until the generation is published or abandoned.
    private var lock: WriterLock?
    private var batch: [(key: [UInt8], value: [UInt8])] = []
    private var batchBytes = 0
    private var entities = AscendingEntities()
    private var isOver = false

    init(_ plan: GenerationPlan, store: LMDBOnlineStore) throws(StoreError) {
        self.plan = plan
        environment = store.environment
        keys = store.keys
        lock = try WriterLock(folder: store.environment.path)
        try Self.removeDoomed(store.environment, store.keys)
        id = try store.environment.write { transaction throws(StoreError) in
            let id = try transaction.nextGeneration()
            try transaction.put(MetaKey.doomed(id), Array(plan.view.utf8))
            return id
        }
    }

    deinit { abandon() }

    func append(_ entity: [UInt8], _ value: [UInt8]) throws(StoreError) {
        precondition(!isOver, "the generation is published or abandoned")
        try entities.take(entity, of: plan.view)
        batch.append((keys.bytes(generation: id, entity: entity), value))
        batchBytes += entity.count + value.count
        if batchBytes >= Self.greatestBatchBytes || batch.count >= Self.greatestBatchCount {
            try flush()
        }
    }

    func publish() throws(StoreError) -> Generation {
        let generation = try finished()
        try environment.write { transaction throws(StoreError) in
            guard try transaction.streamRecord(of: plan.view) == nil else {
                throw .isStreamed(plan.view)
            }
            if let replaced = try transaction.liveGeneration(view: plan.view) {
                try transaction.doom(replaced)
            }
            try transaction.put(MetaKey.live(plan.view), generation.encoded)
            try transaction.remove(MetaKey.doomed(id))
        }
        settle()
        return generation
    }

    func leaveToStream() throws(StoreError) -> Generation {
        let generation = try finished()
        try environment.write { transaction throws(StoreError) in
            guard let record = try transaction.streamRecord(of: plan.view) else {
                throw .isNotStreamed(plan.view)
            }
            if let replaced = record.next { try transaction.doom(replaced.generation) }
            let left = record.building(generation)
            try transaction.put(MetaKey.stream(plan.view), left.encoded)
            try transaction.remove(MetaKey.doomed(id))
        }
        settle()
        return generation
    }

    /// Writes all that is left.
    private func finished() throws(StoreError) -> Generation {
        precondition(!isOver, "the generation is published or abandoned")
        try flush()
        return Generation(
            id: id, view: plan.view, layout: plan.layout, identity: plan.identity, cut: plan.cut,
            entities: entities.count)
    }

    /// Ends the work on a generation that is named: what fails from here on costs space until the
    /// next writer comes.
    private func settle() {
        isOver = true
        try? Self.removeDoomed(environment, keys)
        lock = nil
    }

    func abandon() {
        if isOver { return }
        isOver = true
        batch = []
        // What cannot be removed here is removed by the next writer.
        try? Self.removeDoomed(environment, keys)
        lock = nil
    }

    private func flush() throws(StoreError) {
        if batch.isEmpty { return }
        try environment.write { transaction throws(StoreError) in
            for (key, value) in batch {
                guard try transaction.add(key, value) else {
                    throw StoreError(.misuse, "an entity of '\(plan.view)' is written twice")
                }
            }
            if try transaction.usedBytes() > environment.roomForStates {
                throw .full("cannot write to the online store at \(environment.path)")
            }
        }
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
    }

    /// Removes the states of all doomed generations; the caller holds the writer's lock.
    ///
    /// Removing writes too: copies of the pages that change, until the transaction ends. Where
    /// there is no room for many, fewer are removed at a time, which makes room.
    static func removeDoomed(
        _ environment: LMDBEnvironment, _ keys: StoreKey
    ) throws(StoreError) {
        var limit = greatestBatchCount
        while true {
            do throws(StoreError) {
                let isDone = try environment.write { transaction throws(StoreError) in
                    try transaction.removeDoomed(keys, limit: limit)
                }
                if isDone { return }
            } catch {
                guard error.code == .full || error.code == .diskFull, limit > 1 else {
                    throw error
                }
                limit /= 10
            }
        }
    }
}

extension LMDBTransaction {
    /// Takes a number that no generation had.
    func nextGeneration() throws(StoreError) -> UInt64 {
        var id: UInt64 = 1
        if let bytes = try value(of: MetaKey.next) {
            var reader = RecordReader(bytes: bytes[...])
            id = try reader.number()
        }
        var next: [UInt8] = []
        next.append(bigEndian: id + 1)
        try put(MetaKey.next, next)
        return id
    }

    /// Leaves a generation to whoever writes next to be removed; nobody writes to it from here on.
    func doom(_ generation: Generation) throws(StoreError) {
        try put(MetaKey.doomed(generation.id), Array(generation.view.utf8))
        try removeCheckpoints(of: generation.id)
    }

    /// Removes all checkpoints of a generation.
    func removeCheckpoints(of generation: UInt64) throws(StoreError) {
        let names = try keys(withPrefix: MetaKey.checkpoints(generation), limit: .max)
        for name in names { try remove(name) }
    }

    /// Removes at most `limit` states of doomed generations.
    ///
    /// - Returns: true when none is left.
    fileprivate func removeDoomed(_ keys: StoreKey, limit: Int) throws(StoreError) -> Bool {
        var rest = limit
        for mark in try self.keys(withPrefix: MetaKey.doomed, limit: 100) {
            var reader = RecordReader(bytes: mark.dropFirst(MetaKey.doomed.count))
            let id = try reader.number()
            // Before its states, so that nobody writes any that were removed.
            try removeCheckpoints(of: id)
            let prefix = keys.prefix(slot: 0, generation: id)
            let states = try self.keys(withPrefix: prefix, limit: rest)
            for key in states { try remove(key) }
            rest -= states.count
            if rest == 0 { return false }
            try remove(mark)
        }
        return true
    }
}

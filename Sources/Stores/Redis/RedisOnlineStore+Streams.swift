public import CommitProtocol
import Redis
import Synchronization
import Values

extension RedisOnlineStore {
    /// How often a change of records is begun anew because others were faster: checkpoints change
    /// with every commit.
    private static let streamAttempts = 100

    /// What is streamed into `view`; nil when nothing is.
    public func streamRecord(of view: String) throws(StoreError) -> StreamRecord? {
        try StreamRecord.stored(try values(of: [RedisMetaKey.stream(view)])[0])
    }

    /// Puts one record in the place of another; see `StreamStore`.
    public func replaceStreamRecord(
        of view: String, _ old: StreamRecord?, with new: StreamRecord?
    ) throws(StoreError) -> Bool {
        let effects = StreamRecord.effects(of: old, becoming: new)
        for dropped in effects.dropped { try doomed.mark(dropped.generation.id, of: view) }
        let key = RedisMetaKey.stream(view)
        let fenced = effects.fenced.flatMap(\.checkpointKeys)
        var isReplaced = false
        try deployment.change(
            [key, RedisMetaKey.live(view)] + fenced, attempts: Self.streamAttempts,
            busy: contended(view)
        ) { there throws(StoreError) in
            // It stands there already when the answer to the attempt before was lost.
            let record = try StreamRecord.stored(there[0])
            isReplaced = record == new
            guard record == old, !isReplaced else { return RedisCommands() }
            let live = try there[1].map(Generation.init(encoded:))
            if let new, new.live.generation.id != live?.id { return RedisCommands() }
            isReplaced = true
            let pairs = [key, new?.encoded ?? []] + effects.dropped.flatMap(\.takenCheckpoints)
            return .setting(try pairs + fencing(fenced, there.dropFirst(2)))
        }
        return isReplaced
    }

    /// Makes the checkpoints of a generation that have none; see `StreamStore`.
    public func beginStream(
        of generation: Generation, at positions: [Int32: Position]
    ) throws(StoreError) {
        try requireStreaming()
        let view = generation.view
        let begins = positions.sorted { $0.key < $1.key }
        let keys = begins.map { RedisMetaKey.checkpoint(generation.id, Int($0.key)) }
        try deployment.change(
            [RedisMetaKey.live(view), RedisMetaKey.stream(view)] + keys,
            attempts: Self.streamAttempts, busy: contended(view)
        ) { there throws(StoreError) in
            let live = try there[0].map(Generation.init(encoded:))
            let record = try StreamRecord.stored(there[1])
            guard live?.id == generation.id || record?.fed(generation.id) != nil else {
                throw .isReplaced(generation)
            }
            var pairs: [[UInt8]] = []
            for (index, key) in keys.enumerated() {
                if let bytes = there[index + 2] {
                    guard !bytes.isEmpty else { throw .isOver(generation) }
                    continue
                }
                pairs += [key, Checkpoint(owner: nil, next: begins[index].value).encoded]
            }
            return .setting(pairs)
        }
    }

    /// The checkpoints of a generation; see `StreamStore`.
    public func checkpoints(
        of generation: UInt64, partitions: Int
    ) throws(StoreError) -> [Checkpoint?] {
        var checkpoints: [Checkpoint?] = []
        for bytes in try values(of: RedisMetaKey.checkpoints(generation, 0..<partitions)) {
            checkpoints.append(try Checkpoint(stored: bytes))
        }
        return checkpoints
    }

    /// Takes all checkpoints of a generation from their owners; see `StreamStore`.
    public func fence(_ generation: UInt64, partitions: Int) throws(StoreError) {
        let keys = RedisMetaKey.checkpoints(generation, 0..<partitions)
        if keys.isEmpty { return }
        try deployment.change(
            keys, attempts: Self.streamAttempts, busy: contended("\(generation)")
        ) { there throws(StoreError) in .setting(try fencing(keys, there[...])) }
    }

    /// A worker's side of a partition's checkpoint; see `StreamStore`.
    public func streamCommitter(
        of generation: UInt64, partition: Int32, isShared: Bool
    ) throws(StoreError) -> any StreamCommitter<CommitBatch> {
        try requireStreaming()
        return RedisCommitter(
            deployment, generation: generation, partition: partition, isShared: isShared,
            room: roomForStates)
    }

    /// Makes the generation that is built beside the live one live; see `StreamStore`.
    ///
    /// Pointer, record and checkpoints are strings, so that one MSET changes all of them.
    public func publishNext(_ record: StreamRecord) throws(StoreError) -> StreamRecord? {
        let published = try record.published()
        let view = record.view
        try doomed.mark(record.live.generation.id, of: view)
        let pointer = RedisMetaKey.live(view)
        let key = RedisMetaKey.stream(view)
        var isPublished = false
        try deployment.change(
            [pointer, key], attempts: Self.streamAttempts, busy: contended(view)
        ) { there throws(StoreError) in
            isPublished = there[1] == published.encoded
            guard there[1] == record.encoded else { return RedisCommands() }
            let live = try there[0].map(Generation.init(encoded:))
            guard live?.id == record.live.generation.id else {
                throw .isReplaced(record.live.generation)
            }
            isPublished = true
            return .setting(
                [pointer, published.live.generation.encoded, key, published.encoded]
                    + record.live.takenCheckpoints)
        }
        guard isPublished else { return nil }
        removeDoomed()
        return published
    }

    /// Removes replaced generations, if nobody else is writing; else that one removes them.
    private func removeDoomed() {
        guard var lease = try? RedisWriterLease(deployment) else { return }
        try? doomed.remove(renewing: &lease)
        try? lease.release()
    }

    /// Removes the state of an entity from a generation for good.
    ///
    /// Who feeds it may keep the state in memory and would bring it back, so the owners of its
    /// checkpoints are fenced at a moment at which the state is not there.
    /// - Parameters:
    ///   - entity: whose state.
    ///   - generation: the generation's number.
    ///   - fed: what feeds it; nil for nothing.
    /// - Returns: whether there was a state.
    /// - Throws: `busy` when it is brought back again and again.
    func remove(
        _ entity: EntityKey, of generation: UInt64, _ fed: StreamRecord.Fed?
    ) throws(StoreError) -> Bool {
        let key = keys.bytes(generation: generation, entity: entity.bytes)
        var wasThere = try unlink(key)
        guard let fed, !fed.isShared, fed.partitions > 0 else { return wasThere }
        let checkpoints = fed.checkpointKeys
        for _ in 0..<Self.streamAttempts {
            var isGone = false
            try deployment.change(
                [key] + checkpoints, attempts: Self.streamAttempts,
                busy: contended(fed.generation.view)
            ) { there throws(StoreError) in
                isGone = there[0] == nil
                return isGone
                    ? .setting(try fencing(checkpoints, there.dropFirst())) : RedisCommands()
            }
            if isGone { return wasThere }
            if try unlink(key) { wasThere = true }
        }
        throw contended(fed.generation.view)
    }

    /// Refuses servers that streams cannot write to.
    private func requireStreaming() throws(StoreError) {
        if isFitForStreams.load(ordering: .relaxed) { return }
        guard deployment.tagCount == 1 else {
            throw StoreError(
                .unsafeSetup, "streams do not write to a Redis Cluster, which \(address) is",
                hint: "give the online store a single server of version 7.0 or later")
        }
        try requireSafety(isWriting: true)
        let version = try Self.storeErrors { () throws(RedisError) in
            try deployment.withServer(of: RedisMetaKey.next) { connection throws(RedisError) in
                try RedisServerReport(asking: connection).version
            }
        }
        guard let major = Int(version.prefix { $0 != "." }), major >= 7 else {
            throw StoreError(
                .unsafeSetup,
                "streams do not write to Redis \(version): when its append-only file is cut off, it "
                    + "can do half of a commit",
                hint: "use Redis 7.0 or a later one")
        }
        isFitForStreams.store(true, ordering: .relaxed)
    }

    private func values(of keys: [[UInt8]]) throws(StoreError) -> [[UInt8]?] {
        if keys.isEmpty { return [] }
        var commands = KeyedCommands()
        commands.append("MGET", about: keys[0], keys)
        let reply = try run(commands)[0]
        return try Self.storeErrors { () throws(RedisError) in
            try reply.optionalStrings(keys.count)
        }
    }

    /// The pairs that take `checkpoints`, which stand under `keys`, from their owners.
    private func fencing(
        _ keys: [[UInt8]], _ checkpoints: ArraySlice<[UInt8]?>
    ) throws(StoreError) -> [[UInt8]] {
        var pairs: [[UInt8]] = []
        for (key, bytes) in zip(keys, checkpoints) {
            guard let checkpoint = try Checkpoint(stored: bytes), checkpoint.owner != nil else {
                continue
            }
            pairs += [key, checkpoint.fenced.encoded]
        }
        return pairs
    }

    private func contended(_ name: String) -> StoreError {
        StoreError(
            .busy, "the stream of '\(name)' changes again and again", hint: "try again in a moment")
    }
}

extension StreamRecord.Fed {
    var checkpointKeys: [[UInt8]] { RedisMetaKey.checkpoints(generation.id, 0..<partitions) }

    /// The pairs that take its checkpoints away: a value without bytes is no checkpoint.
    var takenCheckpoints: [[UInt8]] { checkpointKeys.flatMap { [$0, []] } }
}

import Redis
public import Values

extension RedisOnlineStore {
    /// The live generations of all views; see `OnlineStore`.
    ///
    /// Complexity: walks all keys of the server that has the pointers.
    public func liveGenerations() throws(StoreError) -> [Generation] {
        let prefix = RedisMetaKey.live("")
        let found = try Self.storeErrors { () throws(RedisError) in
            try deployment.withServer(of: prefix) { connection throws(RedisError) in
                var scan = RedisScan(prefix.escapedForGlob + Array("*".utf8))
                var names: Set<[UInt8]> = []
                while let step = try scan.next(connection) { names.formUnion(step) }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
        }
        var generations: [Generation] = []
        for name in found {
            let view = String(decoding: name.dropFirst(prefix.count), as: UTF8.self)
            if let generation = try liveGeneration(view: view) { generations.append(generation) }
        }
        return generations
    }

    /// Reads all states of a generation, in the order of the servers' tables.
    public func readStates(
        of generation: Generation, _ take: (_ entity: [UInt8], _ state: [UInt8]) -> Bool
    ) throws(StoreError) {
        let pattern = keys.patternOfStates(generation: generation.id)
        let servers = try Self.storeErrors { () throws(RedisError) in try deployment.servers() }
        for server in servers {
            var scan = RedisScan(pattern)
            while true {
                let step = try Self.storeErrors { () throws(RedisError) in
                    try server.withConnection { connection throws(RedisError) in
                        try scan.next(connection)
                    }
                }
                guard let step else { break }
                guard try read(step, generation, take) else { return }
            }
        }
        // States of a generation are removed only after the pointer has moved.
        guard try liveGeneration(view: generation.view)?.id == generation.id else {
            throw .replaced(generation)
        }
    }

    /// Removes the states of an entity; each at once, so a second try does the rest of the first.
    public func forget(
        _ entity: EntityKey, of views: [String]
    ) throws(StoreError) -> [String] {
        try requireSafety(isWriting: true)
        var lease = try RedisWriterLease(deployment)
        do throws(StoreError) {
            try doomed.remove(renewing: &lease)
            var found: [String] = []
            for view in views where try remove(entity, of: view, lease) { found.append(view) }
            try lease.release()
            return found
        } catch {
            try? lease.release()
            throw error
        }
    }

    /// Removes what `view` has of `entity`, again if meanwhile a stream of it began or went on to
    /// another generation: false when it has nothing.
    private func remove(
        _ entity: EntityKey, of view: String, _ lease: RedisWriterLease
    ) throws(StoreError) -> Bool {
        var wasThere = false
        var record: StreamRecord?
        repeat {
            record = try streamRecord(of: view)
            if try remove(entity, of: view, record, lease) { wasThere = true }
        } while try streamRecord(of: view) != record
        return wasThere
    }

    private func remove(
        _ entity: EntityKey, of view: String, _ record: StreamRecord?, _ lease: RedisWriterLease
    ) throws(StoreError) -> Bool {
        var wasThere = try removeWritten(entity, of: view)
        if let next = record?.next, try remove(entity, of: next.generation.id, next) {
            wasThere = true
        }
        guard let generation = try liveGeneration(view: view),
            try remove(entity, of: generation.id, record?.fed(generation.id))
        else { return wasThere }
        let pointer = RedisMetaKey.live(view)
        try lease.change([pointer]) { there throws(StoreError) in
            guard var live = try there[0].map(Generation.init(encoded:)),
                live.id == generation.id
            else { return RedisCommands() }
            live.entities -= 1
            return .setting([pointer, live.encoded])
        }
        return true
    }

    /// Removes what was written of `entity` alone; false when nothing was.
    private func removeWritten(_ entity: EntityKey, of view: String) throws(StoreError) -> Bool {
        let pointer = RedisMetaKey.written(view)
        var commands = KeyedCommands()
        commands.append("GET", about: pointer, [pointer])
        let replies = try run(commands)
        let record = try Self.storeErrors { () throws(RedisError) in
            try replies[0].optionalBytes()
        }
        guard let record else { return false }
        let area = try Generation(encoded: record)
        return try unlink(keys.bytes(generation: area.id, entity: entity.bytes))
    }

    /// Removes a key; false when it was not there.
    func unlink(_ key: [UInt8]) throws(StoreError) -> Bool {
        var removal = KeyedCommands()
        removal.append("UNLINK", about: key, [key])
        let replies = try run(removal)
        return try Self.storeErrors { () throws(RedisError) in try replies[0].number() } > 0
    }

    /// Reads the states under `found` and hands them on; false when no more are wanted.
    private func read(
        _ found: [[UInt8]], _ generation: Generation,
        _ take: (_ entity: [UInt8], _ state: [UInt8]) -> Bool
    ) throws(StoreError) -> Bool {
        var commands = KeyedCommands()
        for key in found { commands.append("GET", about: key, [key]) }
        for (key, reply) in zip(found, try run(commands)) {
            let state = try Self.storeErrors { () throws(RedisError) in
                try reply.optionalBytes()
            }
            guard let state, let entity = keys.entity(of: key, generation: generation.id) else {
                continue
            }
            guard take(entity, state) else { return false }
        }
        return true
    }
}

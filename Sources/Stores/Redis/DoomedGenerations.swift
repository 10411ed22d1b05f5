import Redis

/// Generations that were replaced or abandoned, and their removal.
struct DoomedGenerations {
    private let deployment: any RedisDeployment
    private let keys: StoreKey

    init(_ deployment: any RedisDeployment, _ keys: StoreKey) {
        self.deployment = deployment
        self.keys = keys
    }

    /// Marks a generation, so that it is removed once nothing names it. The mark comes before the
    /// pointer moves: whoever stops between the two leaves nothing behind.
    func mark(_ id: UInt64, of view: String) throws(StoreError) {
        let mark = [RedisMetaKey.doomed, Array("\(id)".utf8), Array(view.utf8)]
        let reply = try run("HSET", mark)
        _ = try RedisOnlineStore.storeErrors { () throws(RedisError) in try reply.number() }
    }

    /// Removes the checkpoints and states of all of them that nothing names; the caller holds the
    /// writer's lease.
    ///
    /// Complexity: walks all keys of the server once per generation, in small steps between which
    /// others are served.
    func remove(renewing lease: inout RedisWriterLease) throws(StoreError) {
        for marked in try marks() {
            let names = try values(of: marked.names)
            if try marked.isNamed(by: names) { continue }
            try removeCheckpoints(of: marked, lease)
            // Where servers take each other's place, a state can move from a server that was not
            // asked yet to one that was: it is found by the next pass.
            while try removeStates(of: marked, &lease) > 0, deployment.failsOver {}
            try lease.transact { commands in
                commands.append("HDEL", [RedisMetaKey.doomed, marked.field])
            }
        }
    }

    private func marks() throws(StoreError) -> [MarkedGeneration] {
        let reply = try run("HGETALL", [RedisMetaKey.doomed])
        let parts = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            var parts: [[UInt8]] = []
            for part in try reply.elements() { parts.append(try part.optionalBytes() ?? []) }
            return parts
        }
        var marks: [MarkedGeneration] = []
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let id = UInt64(String(decoding: parts[index], as: UTF8.self)) else {
                throw StoreError(
                    .corrupt, "the list of old generations in \(deployment) is damaged",
                    hint: "run FLUSHDB there if nothing else is kept in it, and materialize again")
            }
            let view = String(decoding: parts[index + 1], as: UTF8.self)
            marks.append(MarkedGeneration(id: id, view: view))
        }
        return marks
    }

    /// Removes a generation's checkpoints, so that nobody writes states that were removed.
    private func removeCheckpoints(
        of marked: MarkedGeneration, _ lease: RedisWriterLease
    ) throws(StoreError) {
        let step = 256
        var first = 0
        var count = 0
        repeat {
            let checkpoints = RedisMetaKey.checkpoints(marked.id, first..<first + step)
            let there = try values(of: checkpoints)
            let found = zip(checkpoints, there).compactMap { $1 == nil ? nil : $0 }
            try remove(found, of: marked, lease)
            count = found.count
            first += step
        } while count > 0
    }

    /// Walks all keys of all servers once.
    ///
    /// - Returns: how many states it found.
    private func removeStates(
        of marked: MarkedGeneration, _ lease: inout RedisWriterLease
    ) throws(StoreError) -> Int {
        let pattern = keys.patternOfStates(generation: marked.id)
        let servers = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try deployment.servers()
        }
        var foundCount = 0
        for server in servers {
            var scan = RedisScan(pattern)
            while true {
                try lease.renew()
                let step = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                    try server.withConnection { connection throws(RedisError) in
                        try scan.next(connection)
                    }
                }
                guard let step else { break }
                let found = step.filter { keys.entity(of: $0, generation: marked.id) != nil }
                try remove(found, of: marked, lease)
                foundCount += found.count
            }
        }
        return foundCount
    }

    /// Removes keys of a generation that nothing names: a server that was set back since that was
    /// seen may have it as the live one again. On one server that is one step.
    private func remove(
        _ found: [[UInt8]], of marked: MarkedGeneration, _ lease: RedisWriterLease
    ) throws(StoreError) {
        if found.isEmpty { return }
        try lease.change(marked.names) { there throws(StoreError) in
            guard try !marked.isNamed(by: there) else { throw marked.isBack }
            var removal = RedisCommands()
            if deployment.tagCount == 1 { removal.append("UNLINK", found) }
            return removal
        }
        if deployment.tagCount == 1 { return }
        try RedisOnlineStore.storeErrors { () throws(RedisError) in
            var removal = KeyedCommands()
            for key in found { removal.append("UNLINK", about: key, [key]) }
            for reply in try deployment.run(removal) { _ = try reply.number() }
        }
    }

    private func values(of keys: [[UInt8]]) throws(StoreError) -> [[UInt8]?] {
        let reply = try run("MGET", keys)
        return try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try reply.optionalStrings(keys.count)
        }
    }

    /// Runs a command about records.
    private func run(_ name: String, _ arguments: [[UInt8]]) throws(StoreError) -> RedisReply {
        try RedisOnlineStore.storeErrors { () throws(RedisError) in
            var commands = KeyedCommands()
            commands.append(name, about: arguments[0], arguments)
            return try deployment.run(commands)[0].checked()
        }
    }
}

/// A generation that is to be removed once nothing names it.
private struct MarkedGeneration {
    let id: UInt64
    let view: String

    /// Its field in the list of marks.
    var field: [UInt8] { Array("\(id)".utf8) }

    /// The keys of what can name it.
    var names: [[UInt8]] {
        [RedisMetaKey.live(view), RedisMetaKey.written(view), RedisMetaKey.stream(view)]
    }

    /// Whether one of `records`, which stand under `names`, names it.
    func isNamed(by records: [[UInt8]?]) throws(StoreError) -> Bool {
        for pointer in records[..<2].compactMap(\.self)
        where try Generation(encoded: pointer).id == id { return true }
        return try StreamRecord.stored(records[2])?.fed(id) != nil
    }

    /// It was not named when its removal began, and is by now.
    var isBack: StoreError {
        StoreError(
            .busy, "the online store was set back while generation \(id) of '\(view)' was removed",
            hint: "run it again")
    }
}

extension StoreKey {
    /// What stands for the entity in the key of a state; nil for any key of another generation,
    /// whose entity can look to a pattern as if it were of this one.
    func entity(of key: [UInt8], generation: UInt64) -> [UInt8]? {
        guard let brace = key.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let digits = String(decoding: key[..<brace].dropFirst("r1:{".utf8.count), as: UTF8.self)
        guard let slot = UInt64(digits) else { return nil }
        let prefix = prefix(slot: slot, generation: generation)
        return key.starts(with: prefix) ? Array(key.dropFirst(prefix.count)) : nil
    }

    /// A glob pattern of the keys of all states of a generation, whatever their slots are.
    func patternOfStates(generation: UInt64) -> [UInt8] {
        let prefix = prefix(slot: 0, generation: generation)
        let start = Array("r1:{".utf8)
        guard slots > 1 else { return prefix.escapedForGlob + Array("*".utf8) }
        return start + Array("*".utf8) + prefix[(start.count + 1)...].escapedForGlob
            + Array("*".utf8)
    }
}

extension Collection<UInt8> {
    /// The bytes as a glob pattern that matches them alone.
    var escapedForGlob: [UInt8] {
        flatMap { byte in
            "*?[]\\^-".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}

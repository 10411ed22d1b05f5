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
        for (field, view) in try marks() {
            guard let id = UInt64(String(decoding: field, as: UTF8.self)) else {
                throw StoreError(
                    .corrupt, "the list of old generations in \(deployment) is damaged",
                    hint: "run FLUSHDB there if nothing else is kept in it, and materialize again")
            }
            if try isNamed(id, in: view) { continue }
            try removeCheckpoints(of: id)
            // Where servers take each other's place, a state can move from a server that was not
            // asked yet to one that was: it is found by the next pass.
            while try removeStates(of: id, &lease) > 0, deployment.failsOver {}
            try lease.transact { commands in
                commands.append("HDEL", [RedisMetaKey.doomed, field])
            }
        }
    }

    /// The numbers of marked generations and their views.
    private func marks() throws(StoreError) -> [(id: [UInt8], view: String)] {
        let reply = try run("HGETALL", [RedisMetaKey.doomed])
        let parts = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            var parts: [[UInt8]] = []
            for part in try reply.elements() { parts.append(try part.optionalBytes() ?? []) }
            return parts
        }
        return stride(from: 0, to: parts.count - 1, by: 2).map { index in
            (parts[index], String(decoding: parts[index + 1], as: UTF8.self))
        }
    }

    /// Whether a pointer or the record of `view` names a generation. Once that is over, it never is
    /// named again.
    private func isNamed(_ id: UInt64, in view: String) throws(StoreError) -> Bool {
        let reply = try run(
            "MGET",
            [RedisMetaKey.live(view), RedisMetaKey.written(view), RedisMetaKey.stream(view)])
        let records = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try reply.optionalStrings(3)
        }
        for pointer in records[..<2].compactMap(\.self)
        where try Generation(encoded: pointer).id == id { return true }
        return try StreamRecord.stored(records[2])?.fed(id) != nil
    }

    /// Removes a generation's checkpoints, so that nobody writes states that were removed.
    private func removeCheckpoints(of id: UInt64) throws(StoreError) {
        let step = 256
        var first = 0
        while true {
            let names = RedisMetaKey.checkpoints(id, first..<first + step)
            let reply = try run("DEL", names)
            let count = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try reply.number()
            }
            if count == 0 { return }
            first += step
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

    /// Walks all keys of all servers once.
    ///
    /// - Returns: how many states it found.
    private func removeStates(
        of id: UInt64, _ lease: inout RedisWriterLease
    ) throws(StoreError) -> Int {
        let pattern = keys.patternOfStates(generation: id)
        let servers = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try deployment.servers()
        }
        var foundCount = 0
        for server in servers {
            var scan = RedisScan(pattern)
            var isDone = false
            while !isDone {
                try lease.renew()
                isDone = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                    try server.withConnection { connection throws(RedisError) in
                        guard let step = try scan.next(connection) else { return true }
                        let found = step.filter { keys.entity(of: $0, generation: id) != nil }
                        try remove(found)
                        foundCount += found.count
                        return false
                    }
                }
            }
        }
        return foundCount
    }

    private func remove(_ found: [[UInt8]]) throws(RedisError) {
        var removal = KeyedCommands()
        for key in found { removal.append("UNLINK", about: key, [key]) }
        for reply in try deployment.run(removal) { _ = try reply.number() }
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

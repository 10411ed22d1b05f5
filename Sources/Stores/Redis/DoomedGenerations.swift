import Redis

/// Generations that were replaced or abandoned, and their removal.
struct DoomedGenerations {
    private static let scanCount = 2000

    private let connection: RedisConnection
    private let keys: StoreKey

    init(_ connection: RedisConnection, _ keys: StoreKey) {
        self.connection = connection
        self.keys = keys
    }

    /// Removes the states of all of them; the caller holds the writer's lease.
    ///
    /// Complexity: walks all keys of the server once per generation, in small steps between which
    /// others are served.
    func remove(renewing lease: inout RedisWriterLease) throws(StoreError) {
        let fields = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            var commands = RedisCommands()
            commands.append("HKEYS", [RedisMetaKey.doomed])
            var fields: [[UInt8]] = []
            for reply in try connection.run(commands)[0].elements() {
                if let field = try reply.optionalBytes() { fields.append(field) }
            }
            return fields
        }
        for field in fields {
            guard let id = UInt64(String(decoding: field, as: UTF8.self)) else {
                throw StoreError(
                    .corrupt, "the list of old generations in \(connection.address) is damaged",
                    hint: "run FLUSHDB there if nothing else is kept in it, and materialize again")
            }
            try removeStates(of: id, &lease)
            try lease.transact(connection) { commands in
                commands.append("HDEL", [RedisMetaKey.doomed, field])
            }
        }
    }

    private func removeStates(
        of id: UInt64, _ lease: inout RedisWriterLease
    ) throws(StoreError) {
        let pattern = keys.prefix(slot: 0, generation: id).escapedForGlob + Array("*".utf8)
        var cursor = Array("0".utf8)
        repeat {
            try lease.renew(connection)
            cursor = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try step(from: cursor, pattern)
            }
        } while cursor != Array("0".utf8)
    }

    /// Removes what one step of a scan finds.
    ///
    /// - Returns: where the next step begins.
    private func step(
        from cursor: [UInt8], _ pattern: [UInt8]
    ) throws(RedisError) -> [UInt8] {
        var scan = RedisCommands()
        scan.append(
            "SCAN",
            [
                cursor, Array("MATCH".utf8), pattern, Array("COUNT".utf8),
                Array("\(Self.scanCount)".utf8),
            ])
        let parts = try connection.run(scan)[0].elements(2)
        var found: [[UInt8]] = []
        for reply in try parts[1].elements() {
            if let key = try reply.optionalBytes() { found.append(key) }
        }
        if !found.isEmpty {
            var removal = RedisCommands()
            removal.append("UNLINK", found)
            _ = try connection.run(removal)[0].number()
        }
        return try parts[0].optionalBytes() ?? Array("0".utf8)
    }
}

extension [UInt8] {
    /// The bytes as a glob pattern that matches them alone.
    fileprivate var escapedForGlob: [UInt8] {
        flatMap { byte in
            "*?[]\\^-".utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}

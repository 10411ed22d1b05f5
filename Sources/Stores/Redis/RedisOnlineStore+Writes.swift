import Redis

// A write reads what is there, merges, and writes: WATCH lets that be one step. A script in the
// server would save a round trip, but it would have to compare rows itself: ties are broken by the
// order of values, which the bytes do not have, so it would be a second copy of that rule, in Lua.
//
// The same write again changes nothing, so a transaction of which nobody knows whether it was done
// is begun anew.

extension RedisOnlineStore {
    /// How many states one transaction merges.
    private static let batchCount = 200
    /// How often a transaction is begun anew because others wrote to its keys, or they moved.
    private static let attempts = 32

    /// Merges states of single entities into those that were written before; see `OnlineStore`.
    public func write(
        _ writes: EntityWrites, merging: EntityWrites.Merging
    ) throws(StoreError) {
        for _ in 0..<Self.attempts {
            let area = try takeArea(for: writes)
            try merge(writes, into: area.id, merging)
            // Writes of another layout may have taken the area's place meanwhile.
            if try takeArea(for: writes) == area { return }
        }
        throw contended(writes.view)
    }

    private func merge(
        _ writes: EntityWrites, into area: UInt64, _ merging: EntityWrites.Merging
    ) throws(StoreError) {
        for part in Dictionary(grouping: writes.states, by: { keys.slot(of: $0.entity) }).values {
            var rest = part[...]
            while !rest.isEmpty {
                let batch = rest.prefix(Self.batchCount).map { entity, state in
                    (key: keys.bytes(generation: area, entity: entity), state: state)
                }
                rest = rest.dropFirst(batch.count)
                try changing(batch.map(\.key), of: writes.view) { there throws(StoreError) in
                    var pairs: [[UInt8]] = []
                    for (old, (key, state)) in zip(there, batch) {
                        let merged = try old.map { old throws(StoreError) in
                            try merging(old, state)
                        }
                        if old == nil || merged != old { pairs += [key, merged ?? state] }
                    }
                    return .setting(pairs)
                }
            }
        }
    }

    /// The area that `writes` go to; another one when what is there has another layout.
    private func takeArea(for writes: EntityWrites) throws(StoreError) -> Generation {
        let pointer = RedisMetaKey.written(writes.view)
        var area = writes.area(id: 0)
        try changing([pointer], of: writes.view) { there throws(StoreError) in
            let current = try there[0].map { bytes throws(StoreError) in
                try Generation(encoded: bytes)
            }
            if let current, current.layout == writes.layout {
                area = current
                return RedisCommands()
            }
            if let current { try doomed.mark(current.id, of: writes.view) }
            area = writes.area(id: try nextNumber())
            return .setting([pointer, area.encoded])
        }
        return area
    }

    private func nextNumber() throws(StoreError) -> UInt64 {
        try Self.storeErrors { () throws(RedisError) in
            try deployment.withServer(of: RedisMetaKey.next) { connection throws(RedisError) in
                var commands = RedisCommands()
                commands.append("INCR", [RedisMetaKey.next])
                return UInt64(bitPattern: try connection.run(commands)[0].number())
            }
        }
    }

    /// Reads `keys`, which one server has, and changes what is there in one step.
    private func changing(
        _ keys: [[UInt8]], of view: String,
        _ change: ([[UInt8]?]) throws(StoreError) -> RedisCommands
    ) throws(StoreError) {
        try deployment.change(
            keys, attempts: Self.attempts, busy: contended(view), change)
    }

    private func contended(_ view: String) -> StoreError {
        StoreError(
            .busy, "others write to the same entities of '\(view)' again and again",
            hint: "write again in a moment")
    }
}

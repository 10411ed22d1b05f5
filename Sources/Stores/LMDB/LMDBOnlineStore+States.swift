public import Values

extension LMDBOnlineStore {
    /// The live generations of all views; see `OnlineStore`.
    public func liveGenerations() throws(StoreError) -> [Generation] {
        var records: [[UInt8]] = []
        try environment.read { transaction throws(StoreError) in
            try transaction.values(withPrefix: MetaKey.live("")) { _, record in
                records.append(record)
                return true
            }
        }
        var generations: [Generation] = []
        for record in records { generations.append(try Generation(encoded: record)) }
        return generations
    }

    /// Reads all states of a generation in one transaction, in ascending order.
    public func readStates(
        of generation: Generation, _ take: (_ entity: [UInt8], _ state: [UInt8]) -> Bool
    ) throws(StoreError) {
        try environment.read { transaction throws(StoreError) in
            guard try transaction.liveGeneration(view: generation.view)?.id == generation.id else {
                throw .replaced(generation)
            }
            try transaction.values(
                withPrefix: keys.prefix(slot: 0, generation: generation.id), take)
        }
    }

    /// Removes the states of an entity; all of it or nothing.
    public func forget(
        _ entity: EntityKey, of views: [String]
    ) throws(StoreError) -> [String] {
        let lock = try WriterLock(folder: environment.path)
        return try withExtendedLifetime(lock) { () throws(StoreError) in
            try LMDBGenerationWriter.removeDoomed(environment, keys)
            return try environment.write { transaction throws(StoreError) in
                var found: [String] = []
                for view in views
                where try transaction.remove(entity, of: view, keys) {
                    found.append(view)
                }
                return found
            }
        }
    }
}

extension LMDBTransaction {
    /// Removes what `view` has of `entity`: false when it has nothing.
    fileprivate func remove(
        _ entity: EntityKey, of view: String, _ keys: StoreKey
    ) throws(StoreError) -> Bool {
        var wasThere = try removeWritten(entity, of: view, keys)
        let record = try streamRecord(of: view)
        // Who feeds a generation may keep states in memory, and would bring them back.
        for fed in record?.fed ?? [] { try fence(fed.generation.id) }
        if let next = record?.next {
            let key = keys.bytes(generation: next.generation.id, entity: entity.bytes)
            if try value(of: key) != nil { wasThere = true }
            try remove(key)
        }
        guard var generation = try liveGeneration(view: view) else { return wasThere }
        let key = keys.bytes(generation: generation.id, entity: entity.bytes)
        guard try value(of: key) != nil else { return wasThere }
        try remove(key)
        generation.entities -= 1
        try put(MetaKey.live(view), generation.encoded)
        return true
    }

    /// Removes what was written of `entity` alone; false when nothing was.
    private func removeWritten(
        _ entity: EntityKey, of view: String, _ keys: StoreKey
    ) throws(StoreError) -> Bool {
        guard let area = try generation(of: MetaKey.written(view)) else { return false }
        let key = keys.bytes(generation: area.id, entity: entity.bytes)
        guard try value(of: key) != nil else { return false }
        try remove(key)
        return true
    }
}

extension StoreError {
    /// A generation took the place of `generation` while it was read.
    static func replaced(_ generation: Generation) -> StoreError {
        StoreError(
            .busy, "the view '\(generation.view)' was materialized while it was read",
            hint: "run it again when nobody materializes")
    }
}

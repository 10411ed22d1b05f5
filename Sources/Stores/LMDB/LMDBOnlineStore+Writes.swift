extension LMDBOnlineStore {
    /// Merges states of single entities into those that were written before, in one transaction;
    /// see `OnlineStore`. Waits for a transaction of another writer.
    public func write(
        _ writes: EntityWrites, merging: EntityWrites.Merging
    ) throws(StoreError) {
        try environment.write { transaction throws(StoreError) in
            let area = try transaction.area(for: writes)
            for (entity, state) in writes.states {
                let key = keys.bytes(generation: area.id, entity: entity)
                let there = try transaction.value(of: key)
                var merged = state
                if let there { merged = try merging(there, state) }
                if merged != there { try transaction.put(key, merged) }
            }
            if try transaction.usedBytes() > environment.roomForStates {
                throw .full("cannot write to the online store at \(environment.path)")
            }
        }
    }
}

extension LMDBTransaction {
    /// The area that `writes` go to; another one when what is there has another layout.
    fileprivate func area(for writes: EntityWrites) throws(StoreError) -> Generation {
        let pointer = MetaKey.written(writes.view)
        let there = try generation(of: pointer)
        if let there, there.layout == writes.layout { return there }
        let area = writes.area(id: try nextGeneration())
        try put(pointer, area.encoded)
        if let there { try put(MetaKey.doomed(there.id), Array(writes.view.utf8)) }
        return area
    }
}

public import CommitProtocol

extension LMDBOnlineStore {
    /// What is streamed into `view`; nil when nothing is.
    public func streamRecord(of view: String) throws(StoreError) -> StreamRecord? {
        try environment.read { transaction throws(StoreError) in
            try transaction.streamRecord(of: view)
        }
    }

    /// Puts one record in the place of another; see `StreamStore`.
    public func replaceStreamRecord(
        of view: String, _ old: StreamRecord?, with new: StreamRecord?
    ) throws(StoreError) -> Bool {
        try environment.write { transaction throws(StoreError) in
            guard try transaction.streamRecord(of: view) == old else { return false }
            let live = try transaction.liveGeneration(view: view)
            if let new, new.live.generation.id != live?.id { return false }
            let effects = StreamRecord.effects(of: old, becoming: new)
            for fed in effects.fenced { try transaction.fence(fed.generation.id) }
            for fed in effects.dropped {
                if fed.generation.id == live?.id {
                    try transaction.endStream(of: fed)
                } else {
                    try transaction.doom(fed.generation)
                }
            }
            if let new {
                try transaction.put(MetaKey.stream(view), new.encoded)
            } else {
                try transaction.remove(MetaKey.stream(view))
            }
            return true
        }
    }

    /// Makes the checkpoints of a generation that have none; see `StreamStore`.
    public func beginStream(
        of generation: Generation, at positions: [Int32: Position]
    ) throws(StoreError) {
        try environment.write { transaction throws(StoreError) in
            let live = try transaction.liveGeneration(view: generation.view)
            let record = try transaction.streamRecord(of: generation.view)
            guard live?.id == generation.id || record?.fed(generation.id) != nil else {
                throw .isReplaced(generation)
            }
            for (partition, position) in positions {
                let key = MetaKey.checkpoint(generation.id, partition)
                if let there = try transaction.value(of: key) {
                    guard !there.isEmpty else { throw .isOver(generation) }
                    continue
                }
                try transaction.put(key, Checkpoint(owner: nil, next: position).encoded)
            }
        }
    }

    /// The checkpoints of a generation; see `StreamStore`.
    public func checkpoints(
        of generation: UInt64, partitions: Int
    ) throws(StoreError) -> [Checkpoint?] {
        try environment.read { transaction throws(StoreError) in
            var checkpoints: [Checkpoint?] = []
            for partition in 0..<partitions {
                let key = MetaKey.checkpoint(generation, Int32(partition))
                checkpoints.append(try Checkpoint(stored: try transaction.value(of: key)))
            }
            return checkpoints
        }
    }

    /// Takes all checkpoints of a generation from their owners; see `StreamStore`.
    public func fence(_ generation: UInt64, partitions: Int) throws(StoreError) {
        try environment.write { transaction throws(StoreError) in
            try transaction.fence(generation)
        }
    }

    /// A worker's side of a partition's checkpoint; see `StreamStore`.
    public func streamCommitter(
        of generation: UInt64, partition: Int32, isShared: Bool
    ) throws(StoreError) -> any StreamCommitter<CommitBatch> {
        LMDBCommitter(self, generation: generation, partition: partition)
    }

    /// Makes the generation that is built beside the live one live; see `StreamStore`.
    public func publishNext(_ record: StreamRecord) throws(StoreError) -> StreamRecord? {
        let published = try record.published()
        let isPublished = try environment.write { transaction throws(StoreError) in
            guard try transaction.streamRecord(of: record.view) == record else { return false }
            let live = try transaction.liveGeneration(view: record.view)
            guard live?.id == record.live.generation.id else {
                throw .isReplaced(record.live.generation)
            }
            try transaction.doom(record.live.generation)
            try transaction.put(
                MetaKey.live(record.view), published.live.generation.encoded)
            try transaction.put(MetaKey.stream(record.view), published.encoded)
            return true
        }
        guard isPublished else { return nil }
        // If somebody is writing, that one removes it.
        if let lock = try? WriterLock(folder: environment.path) {
            withExtendedLifetime(lock) { try? LMDBGenerationWriter.removeDoomed(environment, keys) }
        }
        return published
    }
}

extension LMDBTransaction {
    /// Takes the checkpoints of a generation away that stays: they keep their places without bytes.
    fileprivate func endStream(of fed: StreamRecord.Fed) throws(StoreError) {
        for partition in 0..<fed.partitions {
            try put(MetaKey.checkpoint(fed.generation.id, Int32(partition)), [])
        }
    }

    /// Takes all checkpoints of a generation from their owners.
    func fence(_ generation: UInt64) throws(StoreError) {
        for key in try keys(withPrefix: MetaKey.checkpoints(generation), limit: .max) {
            guard let checkpoint = try Checkpoint(stored: try value(of: key)) else { continue }
            try put(key, checkpoint.fenced.encoded)
        }
    }
}

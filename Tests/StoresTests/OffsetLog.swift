import CommitProtocol
import Redis
import TestSupport

@testable import Stores

/// A log of some partitions, and what its rows make of the states: of each entity the offsets of
/// its rows, in the order in which they were applied. So a row that is lost, doubled or out of
/// order is seen.
struct Log: Sendable {
    /// The entity of each row, by partition.
    let rows: [[Int]]

    init(partitions: Int, rows: Int, entities: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.rows = (0..<partitions).map { _ in
            (0..<rows).map { _ in Int.random(in: 0..<entities, using: &generator) }
        }
    }

    /// The generation whose states the log makes.
    static let generation: UInt64 = 1

    static func checkpointKey(_ partition: Int) -> [UInt8] { Array("r1c:{0}:1:\(partition)".utf8) }

    /// Makes the checkpoint of a partition.
    static func begin(_ partition: Int, in deployment: any RedisDeployment) throws {
        try set(
            checkpointKey(partition), Checkpoint(owner: nil, next: Position(0)).encoded,
            in: deployment)
    }

    static func set(
        _ key: [UInt8], _ value: [UInt8], in deployment: any RedisDeployment
    ) throws {
        try deployment.withServer(of: key) { connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append("SET", [key, value])
            try connection.run(commands)[0].confirm()
        }
    }

    static func committer(
        _ partition: Int, isShared: Bool = false, in deployment: any RedisDeployment
    ) -> RedisCommitter {
        RedisCommitter(
            deployment, generation: generation, partition: Int32(partition), isShared: isShared)
    }

    /// Some rows of a partition as a batch.
    func batch(_ partition: Int, _ offsets: Range<Int>, isShared: Bool) -> CommitBatch {
        var offsetsOf: [Int: [Int]] = [:]
        for offset in offsets { offsetsOf[rows[partition][offset], default: []].append(offset) }
        let entities = offsetsOf.keys.sorted()
        return CommitBatch(
            end: Position(Int64(offsets.upperBound)),
            keys: entities.map { Self.entity($0, partition, isShared) }
        ) { index, state in
            let added = offsetsOf[entities[index]] ?? []
            return (state ?? []) + added.map { "\(partition)/\($0) " }.joined().utf8
        }
    }

    /// Entities of a keyed topic belong to one partition; here each partition has its own.
    static func entity(_ entity: Int, _ partition: Int, _ isShared: Bool) -> [UInt8] {
        Array("\(isShared ? entity : entity * 100 + partition)".utf8)
    }

    /// What the states of all entities must be when the rows before `ends` are applied: words, in
    /// the order of each partition.
    private func expected(isShared: Bool, ends: [Int]) -> [[UInt8]: [String]] {
        var states: [[UInt8]: [String]] = [:]
        for (partition, entities) in rows.enumerated() {
            for (offset, entity) in entities.enumerated() {
                let words = offset < ends[partition] ? ["\(partition)/\(offset)"] : []
                states[Self.entity(entity, partition, isShared), default: []] += words
            }
        }
        return states
    }

    /// The entities whose states are not what rows make of them: all rows, or those of each
    /// partition before `ends`.
    func wrongStates(
        in deployment: any RedisDeployment, isShared: Bool, ends: [Int]? = nil
    ) throws -> [String] {
        let found = try found(in: deployment, isShared: isShared)
        return expected(isShared: isShared, ends: ends ?? rows.map(\.count))
            .filter { found[$0.key] != $0.value }.keys
            .map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    /// What the states are; words of several partitions in the order of the partitions.
    private func found(in deployment: any RedisDeployment, isShared: Bool) throws -> [[UInt8]:
        [String]]
    {
        var states: [[UInt8]: [String]] = [:]
        for entity in expected(isShared: isShared, ends: rows.map(\.count)).keys {
            let key = StoreKey().bytes(generation: Self.generation, entity: entity)
            let bytes = try deployment.withServer(of: key) { connection throws(RedisError) in
                var commands = RedisCommands()
                commands.append("GET", [key])
                return try connection.run(commands)[0].optionalBytes()
            }
            let words = String(decoding: bytes ?? [], as: UTF8.self).split(separator: " ")
            // A stable sort keeps the order of each partition.
            states[entity] = rows.indices.flatMap { partition in
                words.filter { $0.hasPrefix("\(partition)/") }.map(String.init)
            }
        }
        return states
    }
}

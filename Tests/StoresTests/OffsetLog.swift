import CommitProtocol
import Redis
import Stores
import TestSupport

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

    static func stateKey(_ entity: Int) -> [UInt8] { Array("r1:{0}:1:\(entity)".utf8) }

    static func checkpointKey(_ partition: Int) -> [UInt8] { Array("r1c:{0}:1:\(partition)".utf8) }

    /// Some rows of a partition as a batch.
    func batch(_ partition: Int, _ offsets: Range<Int>, isShared: Bool) -> CommitBatch {
        var offsetsOf: [Int: [Int]] = [:]
        for offset in offsets { offsetsOf[rows[partition][offset], default: []].append(offset) }
        let entities = offsetsOf.keys.sorted()
        return CommitBatch(
            end: Position(Int64(offsets.upperBound)),
            keys: entities.map { Self.key($0, partition, isShared) }
        ) { index, state in
            let added = offsetsOf[entities[index]] ?? []
            return (state ?? []) + added.map { "\(partition)/\($0) " }.joined().utf8
        }
    }

    /// Entities of a keyed topic belong to one partition; here each partition has its own.
    static func key(_ entity: Int, _ partition: Int, _ isShared: Bool) -> [UInt8] {
        stateKey(isShared ? entity : entity * 100 + partition)
    }

    /// What the states must be when all rows are applied: words by key, in the order of each
    /// partition.
    private func expected(isShared: Bool) -> [[UInt8]: [String]] {
        var states: [[UInt8]: [String]] = [:]
        for (partition, entities) in rows.enumerated() {
            for (offset, entity) in entities.enumerated() {
                states[Self.key(entity, partition, isShared), default: []]
                    .append("\(partition)/\(offset)")
            }
        }
        return states
    }

    /// The keys of states that are not what all rows make of them.
    func wrongStates(in deployment: any RedisDeployment, isShared: Bool) throws -> [String] {
        let found = try found(in: deployment, isShared: isShared)
        return expected(isShared: isShared).filter { found[$0.key] != $0.value }.keys
            .map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    /// What the states are; words of several partitions in the order of the partitions.
    private func found(in deployment: any RedisDeployment, isShared: Bool) throws -> [[UInt8]:
        [String]]
    {
        var states: [[UInt8]: [String]] = [:]
        for key in expected(isShared: isShared).keys {
            let bytes = try deployment.withServer(of: key) { connection throws(RedisError) in
                var commands = RedisCommands()
                commands.append("GET", [key])
                return try connection.run(commands)[0].optionalBytes()
            }
            let words = String(decoding: bytes ?? [], as: UTF8.self).split(separator: " ")
            // A stable sort keeps the order of each partition.
            states[key] = rows.indices.flatMap { partition in
                words.filter { $0.hasPrefix("\(partition)/") }.map(String.init)
            }
        }
        return states
    }
}

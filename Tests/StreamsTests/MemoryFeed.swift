import Records
import Streams
import Synchronization
import TestSupport

/// A topic in memory: each partition's records with their offsets, which may have gaps.
struct MemoryTopic: Sendable {
    struct Record: Sendable {
        let offset: Int64
        let timestamp: Int64
        let value: [UInt8]
    }

    var partitions: [[Record]]

    func bounds(of partition: Int32) -> Range<Int64> {
        0..<((partitions[Int(partition)].last?.offset ?? -1) + 1)
    }
}

/// Gives the records of a topic in batches of random sizes, and everything to one processor.
final class MemoryFeed: RecordFeed {
    let topic: MemoryTopic
    private var generator: SeededGenerator
    private var positions: [Int32: Int64] = [:]
    private var isJoining = true

    init(_ topic: MemoryTopic, seed: UInt64) {
        self.topic = topic
        generator = SeededGenerator(seed: seed)
    }

    func poll(milliseconds: Int32) -> FeedEvent {
        if isJoining {
            isJoining = false
            return .assigned(topic.partitions.indices.map { Int32($0) })
        }
        var batches: [RecordBatch] = []
        for partition in positions.keys.sorted().shuffled(using: &generator) {
            let from = positions[partition] ?? 0
            let rest = topic.partitions[Int(partition)].filter { $0.offset >= from }
            let part = rest.prefix(Int.random(in: 0...5, using: &generator))
            guard let last = part.last else { continue }
            var batch = RecordBatch(partition: partition)
            for record in part {
                batch.append(
                    offset: record.offset, timestamp: record.timestamp, key: nil,
                    value: record.value.span)
            }
            positions[partition] = last.offset + 1
            batches.append(batch)
        }
        return batches.isEmpty ? .nothing : .records(batches)
    }

    func position(of partition: Int32) -> Int64 { positions[partition] ?? 0 }

    func start(_ positions: [Int32: Int64]) { self.positions = positions }
    func seek(_ partition: Int32, to offset: Int64) { positions[partition] = offset }
    func bounds(of partition: Int32) -> Range<Int64> { topic.bounds(of: partition) }
    func partitionCount() -> Int { topic.partitions.count }
    func report(_ positions: [Int32: Int64]) {}
    func rejoin() { isJoining = true }
}

import Records
import Streams
import Synchronization
import TestSupport

/// A feed that misbehaves as brokers and their clients do, without losing a record: what came comes
/// again, partitions come in another order, and what was fetched before the feed was told another
/// place comes once more.
final class FaultyFeed: RecordFeed {
    /// How often what was done.
    final class Hits: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func count(_ fault: String) { counts.withLock { $0[fault, default: 0] += 1 } }
        var all: [String: Int] { counts.withLock { $0 } }
    }

    private let feed: MemoryFeed
    private let hits: Hits
    private var generator: SeededGenerator
    private var delivered: [RecordBatch] = []
    /// Partitions that were told another place since the last records.
    private var moved: [Int32: Int64] = [:]
    /// What came of a partition before its time: it is in the client's queue once.
    private var stale: [Int32: Int64] = [:]

    init(_ feed: MemoryFeed, seed: UInt64, hits: Hits) {
        self.feed = feed
        self.hits = hits
        generator = SeededGenerator(seed: seed)
    }

    func poll(milliseconds: Int32) -> FeedEvent {
        if let stale = nextStale() { return .records([stale]) }
        if Int.random(in: 0..<4, using: &generator) == 0,
            let again = delivered.randomElement(using: &generator),
            (again.offsets.last ?? 0) < feed.position(of: again.partition)
        {
            hits.count("duplicate")
            return .records([again])
        }
        let event = feed.poll(milliseconds: milliseconds)
        guard case .records(let batches) = event else { return event }
        let shuffled = batches.shuffled(using: &generator)
        if shuffled.map(\.partition) != batches.map(\.partition) { hits.count("reordered") }
        delivered += shuffled
        for batch in shuffled { moved[batch.partition] = nil }
        return .records(shuffled)
    }

    /// Records behind the place that a partition was told, as if they had been fetched before.
    private func nextStale() -> RecordBatch? {
        guard let (partition, offset) = moved.popFirst(),
            Int.random(in: 0..<3, using: &generator) == 0
        else { return nil }
        let later = feed.topic.partitions[Int(partition)].filter { $0.offset > offset }
        guard let record = later.randomElement(using: &generator),
            stale.updateValue(record.offset, forKey: partition) != record.offset
        else { return nil }
        hits.count("stale")
        var batch = RecordBatch(partition: partition)
        batch.append(
            offset: record.offset, timestamp: record.timestamp, key: nil, value: record.value.span)
        return batch
    }

    func start(_ positions: [Int32: Int64]) {
        moved = positions
        feed.start(positions)
    }

    func seek(_ partition: Int32, to offset: Int64) {
        moved[partition] = offset
        feed.seek(partition, to: offset)
    }

    func bounds(of partition: Int32) -> Range<Int64> { feed.bounds(of: partition) }
    func partitionCount() -> Int { feed.partitionCount() }
    func report(_ positions: [Int32: Int64]) {}
    func rejoin() { feed.rejoin() }
}

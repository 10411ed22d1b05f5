import CommitProtocol
import TestSupport
import Testing
import Values

@testable import Stores

/// What every online store must do for streams; `open` gives the store of one test, again and again
/// the same.
struct StreamConformance: Sendable {
    let open: @Sendable () throws -> any OnlineStore

    /// A record is replaced only by who knows what stands there.
    func records() throws {
        let store = try open()
        let live = try fill(store, mark: 1)
        let first = record(live)
        #expect(try store.streamRecord(of: "v") == nil)
        #expect(try store.replaceStreamRecord(of: "v", nil, with: first))
        #expect(try open().streamRecord(of: "v") == first)
        var second = first
        second.live.partitions = 3
        var third = second
        third.live.isShared = true
        #expect(try !store.replaceStreamRecord(of: "v", nil, with: third))
        #expect(try !store.replaceStreamRecord(of: "v", second, with: third))
        #expect(try store.replaceStreamRecord(of: "v", first, with: second))
        #expect(try store.replaceStreamRecord(of: "v", second, with: third))
        #expect(try store.streamRecord(of: "v") == third)
        #expect(try store.streamRecord(of: "w") == nil)
        #expect(try !store.replaceStreamRecord(of: "v", first, with: nil))
        #expect(try store.replaceStreamRecord(of: "v", third, with: nil))
        #expect(try store.streamRecord(of: "v") == nil)
        let replacing = try fill(store, mark: 2)
        #expect(try !store.replaceStreamRecord(of: "v", nil, with: first), "it was replaced")
        #expect(try store.replaceStreamRecord(of: "v", nil, with: record(replacing)))
    }

    /// Rows are written from where a checkpoint is, by whoever claimed it last.
    func commits() throws {
        let store = try open()
        let live = try fill(store, mark: 1)
        let old = try store.streamCommitter(of: live.id, partition: 2, isShared: false)
        #expect(try old.claim(token(1)) == .stop(.hasNoCheckpoint))
        try store.beginStream(of: live, at: [0: Position(5), 2: Position(7)])
        try store.beginStream(of: live, at: [2: Position(70), 1: Position(6)])
        #expect(
            try store.checkpoints(of: live.id, partitions: 4)
                == [5, 6, 7].map { Checkpoint(owner: nil, next: Position($0)) } + [nil])
        #expect(try old.claim(token(1)) == .resume(Position(7)))
        #expect(try old.commit(batch(7..<9, [1, 30])) == .goOn(from: Position(9)))
        #expect(try old.commit(batch(9..<9, [])) == .goOn(from: Position(9)))
        #expect(try states([1, 2, 30]) == ["1 1 7 8", "1 2", "7 8"])
        let new = try open().streamCommitter(of: live.id, partition: 2, isShared: false)
        #expect(try new.claim(token(2)) == .resume(Position(9)))
        #expect(try old.commit(batch(9..<12, [1, 2])) == .askAssignment)
        #expect(try states([1, 2, 30]) == ["1 1 7 8", "1 2", "7 8"], "another has the partition")
        #expect(try new.commit(batch(9..<11, [1])) == .goOn(from: Position(11)))
        #expect(try old.claim(token(3)) == .resume(Position(11)))
        #expect(try old.commit(batch(11..<12, [1, 2])) == .goOn(from: Position(12)))
        #expect(try states([1, 2, 30]) == ["1 1 7 8 9 10 11", "1 2 11", "7 8"])
        let checkpoints = try open().checkpoints(of: live.id, partitions: 3)
        #expect(checkpoints[2] == Checkpoint(owner: token(3), next: Position(12)))
        old.release()
    }

    /// Who cannot make the states of a batch writes nothing of it.
    func failures() throws {
        let store = try open()
        let live = try fill(store, mark: 1)
        try store.beginStream(of: live, at: [0: Position(0)])
        let committer = try store.streamCommitter(of: live.id, partition: 0, isShared: false)
        _ = try committer.claim(token(1))
        var failing = batch(0..<2, [1, 2])
        failing.fold = { index, state throws(StoreError) in
            if index == 1 { throw StoreError(.corrupt, "no state") }
            return [1]
        }
        let error = #expect(throws: StoreError.self) { _ = try committer.commit(failing) }
        #expect(error?.message == "no state")
        #expect(try states([1, 2]) == ["1 1", "1 2"])
        let next = try store.streamCommitter(of: live.id, partition: 0, isShared: false)
        #expect(try next.claim(token(2)) == .resume(Position(0)))
        #expect(try next.commit(batch(0..<2, [1])) == .goOn(from: Position(2)))
    }

    /// Partitions that write to the same states both do.
    func sharing() throws {
        let store = try open()
        let live = try fill(store, mark: 1)
        try store.beginStream(of: live, at: [0: Position(0), 1: Position(100)])
        let committers = try (0..<2).map { partition in
            try store.streamCommitter(of: live.id, partition: Int32(partition), isShared: true)
        }
        for (index, committer) in committers.enumerated() {
            _ = try committer.claim(token(UInt64(index + 1)))
        }
        for step in 0..<3 as Range<Int64> {
            for (index, committer) in committers.enumerated() {
                let begin = Int64(index) * 100 + step
                #expect(
                    try committer.commit(batch(begin..<begin + 1, [5, 40]))
                        == .goOn(from: Position(begin + 1)))
            }
        }
        #expect(try states([5, 40]) == ["1 5 0 100 1 101 2 102", "0 100 1 101 2 102"])
    }

    /// A fence takes checkpoints from their owners, who go on when they have claimed them again.
    func fences() throws {
        let store = try open()
        let live = try fill(store, mark: 1)
        var fed = record(live)
        fed.live.partitions = 1
        #expect(try store.replaceStreamRecord(of: "v", nil, with: fed))
        try store.beginStream(of: live, at: [0: Position(0)])
        let committer = try store.streamCommitter(of: live.id, partition: 0, isShared: false)
        _ = try committer.claim(token(1))
        _ = try committer.commit(batch(0..<1, [1]))
        try store.fence(live.id, partitions: 1)
        try expectFenced(committer, at: 1, token(2))
        #expect(try committer.commit(batch(1..<2, [1])) == .goOn(from: Position(2)))
        var shared = fed
        shared.live.isShared = true
        #expect(try store.replaceStreamRecord(of: "v", fed, with: shared))
        try expectFenced(committer, at: 2, token(3))
        #expect(try committer.commit(batch(2..<3, [1])) == .goOn(from: Position(3)))
        var grown = shared
        grown.live.partitions = 2
        #expect(try store.replaceStreamRecord(of: "v", shared, with: grown))
        #expect(try committer.commit(batch(3..<4, [1])) == .goOn(from: Position(4)))
        #expect(try states([1]) == ["1 1 0 1 2 3"])
    }

    /// The owner must ask, and finds the checkpoint where it was.
    private func expectFenced(
        _ committer: any StreamCommitter<CommitBatch>, at offset: Int64, _ token: OwnerToken
    ) throws {
        let rows = batch(offset..<offset + 1, [1])
        #expect(try committer.commit(rows) == .askAssignment)
        #expect(try committer.claim(token) == .resume(Position(offset)))
    }
}

extension StreamConformance {
    func token(_ number: UInt64) -> OwnerToken { OwnerToken(high: 0, low: number) }

    func key(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    func record(_ live: Generation, partitions: Int = 0) -> StreamRecord {
        StreamRecord(
            view: "v", topic: "rides",
            live: .init(generation: live, partitions: partitions, isShared: false))
    }

    func writer(_ store: any OnlineStore, mark: Int64) throws -> any GenerationWriter {
        let writer = try store.beginGeneration(
            GenerationPlan(
                view: "v", layout: [1], identity: [2], cut: EventTime(microseconds: mark)))
        for entity in 0..<20 as Range<Int64> {
            try writer.append(key(entity).bytes, Array("\(mark) \(entity)".utf8))
        }
        return writer
    }

    /// Publishes a generation whose states name it.
    @discardableResult
    func fill(_ store: any OnlineStore, mark: Int64) throws -> Generation {
        try writer(store, mark: mark).publish()
    }

    /// Publishes a generation that a stream of one partition feeds from offset 0 on.
    func stream(_ store: any OnlineStore, mark: Int64) throws -> StreamRecord {
        let live = try fill(store, mark: mark)
        try store.beginStream(of: live, at: [0: Position(0)])
        let record = record(live, partitions: 1)
        #expect(try store.replaceStreamRecord(of: "v", nil, with: record))
        return record
    }

    /// Rows of which each adds its offset to all of `entities`.
    func batch(_ rows: Range<Int64>, _ entities: [Int64]) -> CommitBatch {
        let words = rows.map { " \($0)" }.joined()
        return CommitBatch(
            end: Position(rows.upperBound), keys: entities.map { key($0).bytes }
        ) { _, state in
            let text = String(decoding: state ?? [], as: UTF8.self) + words
            return Array(text.drop { $0 == " " }.utf8)
        }
    }

    /// What readers get.
    func states(_ entities: [Int64]) throws -> [String?] {
        let request = StoreRequest(view: "v", keys: entities.map { key($0) })
        return try open().read([request])[0].values.map { state in
            state.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

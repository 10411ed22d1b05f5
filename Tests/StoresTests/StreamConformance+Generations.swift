import CommitProtocol
import TestSupport
import Testing
import Values

@testable import Stores

extension StreamConformance {
    /// A generation that is left to a stream is built beside the live one, and takes its place whole.
    func leaving() throws {
        let store = try open()
        try fill(store, mark: 1)
        let early = try writer(store, mark: 2)
        let misuse = #expect(throws: StoreError.self) { try early.leaveToStream() }
        #expect(misuse?.code == .misuse)
        early.abandon()
        let fed = try stream(store, mark: 3)
        let first = try writer(store, mark: 4).leaveToStream()
        var building = fed
        building.next = .init(generation: first, partitions: 0, isShared: false)
        #expect(try store.streamRecord(of: "v") == building)
        #expect(try store.liveGeneration(view: "v") == fed.live.generation)
        try store.beginStream(of: first, at: [0: Position(0)])
        let abandoned = try store.streamCommitter(of: first.id, partition: 0, isShared: false)
        _ = try abandoned.claim(token(1))
        building.next?.partitions = 1
        #expect(try replace(store, with: building))
        let second = try writer(store, mark: 5).leaveToStream()
        building.next = .init(generation: second, partitions: 0, isShared: false)
        #expect(try store.streamRecord(of: "v") == building)
        #expect(try abandoned.commit(batch(0..<1, [1])) == .stop(.hasNoCheckpoint))
        let replaced = #expect(throws: StoreError.self) {
            try store.beginStream(of: first, at: [0: Position(0)])
        }
        #expect(replaced?.code == .busy)
        #expect(try store.checkpoints(of: first.id, partitions: 2) == [nil, nil])
        // Another writer removes what nobody wants, and this is wanted.
        try writer(store, mark: 6).abandon()
        #expect(try store.publishNext(building) != nil)
        #expect(try states([0, 19, 20]) == ["5 0", "5 19", nil])
    }

    /// Pointer, record and checkpoints change in one step; who fed the replaced one finds no more.
    func publishing() throws {
        let store = try open()
        let fed = try stream(store, mark: 1)
        let zombie = try store.streamCommitter(
            of: fed.live.generation.id, partition: 0, isShared: false)
        _ = try zombie.claim(token(1))
        _ = try zombie.commit(batch(0..<1, [1]))
        let misuse = #expect(throws: StoreError.self) { _ = try store.publishNext(fed) }
        #expect(misuse?.code == .misuse)
        let next = try writer(store, mark: 2).leaveToStream()
        try store.beginStream(of: next, at: [0: Position(0)])
        let feeder = try store.streamCommitter(of: next.id, partition: 0, isShared: false)
        _ = try feeder.claim(token(2))
        _ = try feeder.commit(batch(0..<3, [1]))
        var building = fed
        building.next = .init(generation: next, partitions: 1, isShared: false)
        #expect(try store.publishNext(building) == nil, "the record does not say so yet")
        #expect(try states([1]) == ["1 1 0"])
        #expect(try replace(store, with: building))
        // While somebody else writes, the states of the replaced one cannot be removed.
        let other = try writer(store, mark: 3)
        let published = try #require(try store.publishNext(building))
        #expect(
            published == StreamRecord(view: "v", topic: "rides", live: try #require(building.next)))
        #expect(try store.streamRecord(of: "v") == published)
        #expect(try store.liveGeneration(view: "v") == next)
        #expect(try states([1, 2]) == ["2 1 0 1 2", "2 2"])
        #expect(try store.checkpoints(of: fed.live.generation.id, partitions: 1) == [nil])
        #expect(try zombie.commit(batch(1..<2, [1])) == .stop(.hasNoCheckpoint))
        #expect(try feeder.commit(batch(3..<4, [2])) == .goOn(from: Position(4)))
        #expect(try states([1, 2]) == ["2 1 0 1 2", "2 2 3"])
        other.abandon()
    }

    /// A generation that a stream feeds is replaced by its stream alone.
    func ordinaryPublishing() throws {
        let store = try open()
        let fed = try stream(store, mark: 1)
        let writer = try writer(store, mark: 2)
        let error = #expect(throws: StoreError.self) { _ = try writer.publish() }
        #expect(error?.code == .busy && error?.message.contains("'v'") == true)
        #expect(try store.liveGeneration(view: "v") == fed.live.generation)
        try writer.leaveToStream()
        #expect(try store.streamRecord(of: "v")?.next?.generation.id == writer.id)
        let building = try #require(try store.streamRecord(of: "v"))
        #expect(try store.publishNext(building) != nil)
        #expect(try states([7]) == ["2 7"])
        // Without a record it is an ordinary view again, and its stream is over.
        let published = try #require(try store.streamRecord(of: "v"))
        try store.beginStream(of: published.live.generation, at: [0: Position(0)])
        var begun = published
        begun.live.partitions = 1
        #expect(try store.replaceStreamRecord(of: "v", published, with: begun))
        #expect(try store.replaceStreamRecord(of: "v", begun, with: nil))
        #expect(try store.checkpoints(of: begun.live.generation.id, partitions: 1) == [nil])
        #expect(try states([7]) == ["2 7"])
        let misuse = #expect(throws: StoreError.self) {
            try store.beginStream(of: begun.live.generation, at: [0: Position(0)])
        }
        #expect(misuse?.code == .misuse, "rows of the stream would count twice")
        try fill(store, mark: 3)
        #expect(try states([7]) == ["3 7"])
    }

    /// What an owner keeps in memory does not bring a forgotten entity back.
    func forgetting() throws {
        let store = try open()
        let fed = try stream(store, mark: 1)
        let next = try writer(store, mark: 2).leaveToStream()
        let committer = try store.streamCommitter(
            of: fed.live.generation.id, partition: 0, isShared: false)
        _ = try committer.claim(token(1))
        _ = try committer.commit(batch(0..<1, [1, 2]))
        #expect(try store.forget(key(1), of: ["v"]) == ["v"])
        #expect(try states([1, 2]) == [nil, "1 2 0"])
        #expect(try committer.commit(batch(1..<2, [1])) == .askAssignment)
        #expect(try committer.claim(token(2)) == .resume(Position(1)))
        #expect(try committer.commit(batch(1..<3, [1, 2])) == .goOn(from: Position(3)))
        #expect(try states([1, 2]) == ["1 2", "1 2 0 1 2"], "rows that come later are new ones")
        #expect(try store.liveGeneration(view: "v")?.entities == 19)
        var building = fed
        building.next = .init(generation: next, partitions: 0, isShared: false)
        #expect(try store.publishNext(building) != nil)
        #expect(try states([1, 2]) == [nil, "2 2"])
    }

    private func replace(
        _ store: any OnlineStore, with record: StreamRecord
    ) throws -> Bool {
        try store.replaceStreamRecord(
            of: "v", try store.streamRecord(of: "v"), with: record)
    }
}

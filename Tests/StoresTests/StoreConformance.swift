import Stores
import TestSupport
import Testing
import Values

/// What every online store must do; `open` gives the store of one test, again and again the same.
struct StoreConformance: Sendable {
    let open: @Sendable () throws -> any OnlineStore

    /// A generation that is not published is not seen, and one that is is seen whole.
    func publishing() throws {
        let store = try open()
        #expect(try store.liveGeneration(view: "v") == nil)
        let answer = try store.read([StoreRequest(view: "v", keys: [key(1), nil])])[0]
        #expect(answer.generation == nil && answer.values == [nil, nil])
        let writer = try store.beginGeneration(plan("v", 10))
        for entity in 0..<50 as Range<Int64> {
            try writer.append(key(entity).bytes, value(1, entity))
        }
        #expect(try store.liveGeneration(view: "v") == nil)
        let published = try writer.publish()
        #expect(try store.liveGeneration(view: "v") == published)
        #expect(published.entities == 50 && published.cut == EventTime(microseconds: 10))
        let read = try store.read([StoreRequest(view: "v", keys: [key(49), nil, key(50), key(0)])])
        #expect(read[0].generation == published)
        #expect(read[0].values == [value(1, 49), nil, nil, value(1, 0)])
    }

    /// The replaced generation's states are gone, those of other views stay.
    func replacing() throws {
        let store = try open()
        for view in ["a", "b"] { try fill(store, view, entities: 0..<20, mark: 1) }
        let second = try fill(store, "a", entities: 10..<30, mark: 2)
        let answers = try store.read([
            StoreRequest(view: "a", keys: [key(5), key(15)]),
            StoreRequest(view: "b", keys: [key(5), key(15)]),
        ])
        #expect(answers[0].generation == second)
        #expect(answers[0].values == [nil, value(2, 15)])
        #expect(answers[1].values == [value(1, 5), value(1, 15)])
    }

    /// An abandoned generation leaves the live one as it was.
    func abandoning() throws {
        let store = try open()
        let first = try fill(store, "v", entities: 0..<10, mark: 1)
        do {
            let writer = try store.beginGeneration(plan("v", 2))
            try writer.append(key(3).bytes, value(2, 3))
        }
        #expect(try store.liveGeneration(view: "v") == first)
        let third = try fill(store, "v", entities: 0..<10, mark: 3)
        #expect(third.id > first.id)
        let read = try open().read([StoreRequest(view: "v", keys: [key(3)])])[0]
        #expect(read.values == [value(3, 3)])
    }

    /// Only one writer is at work.
    func secondWriter() throws {
        let store = try open()
        let writer = try store.beginGeneration(plan("v", 1))
        let error = #expect(throws: StoreError.self) {
            _ = try store.beginGeneration(plan("w", 1))
        }
        #expect(error?.code == .busy && error?.isRetriable == true)
        writer.abandon()
        try fill(store, "w", entities: 0..<1, mark: 1)
    }

    /// Keys of any length and content are told apart, and must come in order.
    func keys() throws {
        let store = try open()
        let writer = try store.beginGeneration(plan("v", 1))
        try writer.append([7], [1])
        for entity in [[7], [6], []] as [[UInt8]] {
            let error = #expect(throws: StoreError.self) { try writer.append(entity, [0]) }
            #expect(error?.code == .misuse)
        }
        writer.abandon()
        let long = String(repeating: "x", count: 1200)
        let texts = ["", "\0", "a", long, long + "\0", long + "y", "z"]
        let keys = texts.map { text in
            var key = EntityKey()
            key.append(text.utf8)
            return key
        }
        let second = try store.beginGeneration(plan("t", 1))
        for key in keys { try second.append(key.bytes, key.bytes) }
        _ = try second.publish()
        let read = try store.read([StoreRequest(view: "t", keys: keys)])[0].values
        #expect(read == keys.map(\.bytes))
    }

    /// Many generations one after the other, past the numbers that take one byte.
    func manyGenerations() throws {
        let store = try open()
        for round in 1...252 as ClosedRange<Int64> {
            let generation = try fill(store, "v", entities: 0..<3, mark: round)
            let read = try store.read([StoreRequest(view: "v", keys: [key(2), key(3)])])[0]
            #expect(read.generation == generation)
            #expect(read.values == [value(round, 2), nil])
        }
    }

    @discardableResult
    private func fill(
        _ store: any OnlineStore, _ view: String, entities: Range<Int64>, mark: Int64
    ) throws -> Generation {
        let writer = try store.beginGeneration(plan(view, mark))
        for entity in entities { try writer.append(key(entity).bytes, value(mark, entity)) }
        return try writer.publish()
    }

    private func plan(_ view: String, _ cut: Int64) -> GenerationPlan {
        GenerationPlan(
            view: view, layout: [1, 2], identity: [3], cut: EventTime(microseconds: cut))
    }

    private func key(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    private func value(_ mark: Int64, _ entity: Int64) -> [UInt8] {
        Array("\(mark) \(entity)".utf8)
    }
}

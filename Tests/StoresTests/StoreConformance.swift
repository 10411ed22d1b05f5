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

    /// An entity's states go from the views asked for; all others stay, and can be listed.
    func forgetting() throws {
        let store = try open()
        #expect(try store.liveGenerations().isEmpty)
        for mark in 1...2 as ClosedRange<Int64> {
            for view in ["b", "a", "c"] { try fill(store, view, entities: 0..<20, mark: mark) }
        }
        #expect(try store.liveGenerations().map(\.view) == ["a", "b", "c"])
        #expect(try store.forget(key(7), of: ["a", "b", "none"]) == ["a", "b"])
        #expect(try store.forget(key(7), of: ["a", "b"]).isEmpty)
        #expect(try store.forget(key(700), of: ["a"]).isEmpty)
        let live = try open().liveGenerations()
        #expect(live.map(\.entities) == [19, 19, 20])
        for generation in live {
            var states: [[UInt8]: [UInt8]] = [:]
            try store.readStates(of: generation) { entity, state in
                states[entity] = state
                return true
            }
            let kept = (0..<20 as Range<Int64>).filter { $0 != 7 || generation.view == "c" }
            #expect(states.count == kept.count, "\(generation.view)")
            #expect(kept.allSatisfy { states[key($0).bytes] == value(2, $0) })
            let read = try open().read([
                StoreRequest(view: generation.view, keys: [key(6), key(7), key(8)])
            ])[0]
            #expect(read.values[0] == value(2, 6) && read.values[2] == value(2, 8))
            #expect((read.values[1] == nil) == (generation.view != "c"))
        }
        var count = 0
        try store.readStates(of: live[0]) { _, _ in
            count += 1
            return count < 5
        }
        #expect(count == 5)
        let replaced = live[2]
        try fill(store, "c", entities: 0..<1, mark: 3)
        let error = #expect(throws: StoreError.self) {
            try store.readStates(of: replaced) { _, _ in true }
        }
        #expect(error?.code == .busy)
        let writer = try store.beginGeneration(plan("c", 4))
        let busy = #expect(throws: StoreError.self) { _ = try store.forget(key(1), of: ["a"]) }
        #expect(busy?.code == .busy)
        writer.abandon()
    }

    /// Keys that look like those of another generation, and long ones, are told apart.
    func forgettingOddKeys() throws {
        let store = try open()
        let long = String(repeating: "x", count: 1200)
        let texts = ["", "}:\u{1}:", "}:\u{2}:", "a}:\u{1}:b", long, long + "\0", long + "y", "z*"]
        let keys = texts.map { text in
            var key = EntityKey()
            key.append(text.utf8)
            return key
        }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        for _ in 0..<3 {
            let writer = try store.beginGeneration(plan("t", 1))
            for key in keys { try writer.append(key.bytes, key.bytes) }
            _ = try writer.publish()
        }
        for (index, key) in keys.enumerated() {
            #expect(try store.forget(key, of: ["t"]) == ["t"])
            let read = try store.read([StoreRequest(view: "t", keys: keys)])[0].values
            #expect(read == keys.enumerated().map { $0 <= index ? nil : $1.bytes })
            let live = try #require(try store.liveGeneration(view: "t"))
            var found: [[UInt8]] = []
            try store.readStates(of: live) { entity, _ in
                found.append(entity)
                return true
            }
            let stored = keys.dropFirst(index + 1).map { StoreKey.stored($0.bytes) }
            #expect(Set(found) == Set(stored) && found.count == stored.count)
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

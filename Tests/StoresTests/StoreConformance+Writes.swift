import Stores
import TestSupport
import Testing
import Values

extension StoreConformance {
    /// What is written entity by entity stays beside every generation, and is read on demand.
    func writes() throws {
        let store = try open()
        try write(store, "written", [1: 5, 2: 7])
        let before = try store.read([request("written", [1, 2, 3])])[0]
        #expect(before.generation == nil && before.values == [nil, nil, nil])
        #expect(before.writes?.layout == [1])
        #expect(before.writes?.values == [[5], [7], nil])
        for mark in 1...3 as ClosedRange<Int64> {
            let writer = try store.beginGeneration(
                GenerationPlan(
                    view: "written", layout: [1], identity: [],
                    cut: EventTime(microseconds: mark)))
            try writer.append(request("written", [1]).keys[0]?.bytes ?? [], [UInt8(mark)])
            _ = try writer.publish()
            try write(store, "written", [2: 7 + UInt8(mark)])
            let answer = try open().read([request("written", [1, 2]), request("other", [1])])
            #expect(answer[0].values == [[UInt8(mark)], nil])
            #expect(answer[0].writes?.values == [[5], [7 + UInt8(mark)]])
            #expect(answer[1].writes == nil)
        }
        let plain = try store.read([StoreRequest(view: "written", keys: [nil])])[0]
        #expect(plain.writes == nil)
        try write(store, "written", [3: 1], layout: [2])
        let other = try store.read([request("written", [1, 3])])[0]
        #expect(other.writes?.layout == [2] && other.writes?.values == [nil, [1]])
        let third = try #require(request("written", [3]).keys[0])
        #expect(try store.forget(third, of: ["other", "written"]) == ["written"])
        #expect(try store.forget(third, of: ["written"]).isEmpty)
        #expect(try store.read([request("written", [3])])[0].writes?.values == [nil])
    }

    /// Whoever writes in which order, what is there in the end is the merge of all.
    func contendedWrites() throws {
        let threads = (0..<4 as Range<UInt64>).map { number in
            BackgroundThread {
                var generator = SeededGenerator(seed: number)
                let store = try open()
                for _ in 0..<25 {
                    var states: [Int64: UInt8] = [:]
                    for entity in 0..<5 as Range<Int64> {
                        states[entity] = .random(in: 0...199, using: &generator)
                    }
                    states[Int64(number)] = 100 + UInt8(number)
                    try write(store, "contended", states)
                }
                try write(store, "contended", [Int64(number) + 100: 200 + UInt8(number), 9: 250])
                try write(store, "contended", [Int64(number): 255])
            }
        }
        for thread in threads { try thread.value() }
        let answer = try open().read([request("contended", [0, 1, 2, 3, 9, 100, 101, 102, 103])])
        #expect(
            answer[0].writes?.values == [
                [255], [255], [255], [255], [250], [200], [201], [202], [203],
            ])
        let fifth = try open().read([request("contended", [4])])[0].writes?.values[0]?[0] ?? 0
        #expect(fifth == greatestOfEntity4)
    }

    /// What `contendedWrites` writes to its fifth entity at most, computed alone.
    private var greatestOfEntity4: UInt8 {
        var greatest: UInt8 = 0
        for number in 0..<4 as Range<UInt64> {
            var generator = SeededGenerator(seed: number)
            for _ in 0..<25 {
                for entity in 0..<5 {
                    let value = UInt8.random(in: 0...199, using: &generator)
                    if entity == 4 { greatest = max(greatest, value) }
                }
            }
        }
        return greatest
    }

    private func request(_ view: String, _ entities: [Int64]) -> StoreRequest {
        let keys = entities.map { entity in
            var key = EntityKey()
            key.append(entity)
            return Optional(key)
        }
        return StoreRequest(view: view, keys: keys, wantsWrites: true)
    }

    /// Writes numbers, of which the greatest wins.
    private func write(
        _ store: any OnlineStore, _ view: String, _ states: [Int64: UInt8], layout: [UInt8] = [1]
    ) throws {
        let states = states.map { entity, state in
            (entity: request(view, [entity]).keys[0]?.bytes ?? [], state: [state])
        }
        try store.write(EntityWrites(view: view, layout: layout, states: states)) { there, new in
            [max(there[0], new[0])]
        }
    }
}

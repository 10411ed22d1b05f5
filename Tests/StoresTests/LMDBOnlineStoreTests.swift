import Foundation
import TestSupport
import Testing
import Values

@testable import Stores

@Suite("The LMDB store")
struct LMDBOnlineStoreTests {
    private let folder: TemporaryFolder
    private let conformance: StoreConformance

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        conformance = StoreConformance { try LMDBOnlineStore(path: folder.file("online")) }
    }

    @Test("shows a generation when it is published, whole")
    func publishing() throws { try conformance.publishing() }

    @Test("replaces generations of one view and leaves the others")
    func replacing() throws { try conformance.replacing() }

    @Test("keeps the live generation when another is abandoned")
    func abandoning() throws { try conformance.abandoning() }

    @Test("refuses a second writer")
    func secondWriter() throws { try conformance.secondWriter() }

    @Test("takes keys of any length, in order")
    func keys() throws { try conformance.keys() }

    @Test("counts generations past one byte")
    func manyGenerations() throws { try conformance.manyGenerations() }

    @Test("forgets an entity and nothing else, and gives all states of a generation")
    func forgetting() throws { try conformance.forgetting() }

    @Test("forgets entities whose keys are long or look like other keys")
    func forgettingOddKeys() throws { try conformance.forgettingOddKeys() }

    @Test("keeps what is written entity by entity beside every generation")
    func writes() throws { try conformance.writes() }

    @Test("merges what several write to the same entities, in any order")
    func contendedWrites() throws { try conformance.contendedWrites() }

    @Test("says that there is none where there is none")
    func missing() {
        let error = #expect(throws: StoreError.self) {
            _ = try LMDBOnlineStore(existing: folder.file("nowhere"))
        }
        #expect(error?.code == .missing)
    }

    @Test("says that it is full, and stays as it was")
    func full() throws {
        let store = try LMDBOnlineStore(path: folder.file("small"), greatestSize: 1 << 20)
        let first = try store.beginGeneration(plan(1))
        try first.append([1], [1])
        let live = try first.publish()
        let second = try store.beginGeneration(plan(2))
        let error = #expect(throws: StoreError.self) {
            for entity in 0..<200 as Range<UInt8> {
                try second.append([entity], [UInt8](repeating: 0, count: 100_000))
            }
        }
        #expect(error?.code == .full)
        second.abandon()
        #expect(try store.liveGeneration(view: "v") == live)
        let third = try store.beginGeneration(plan(3))
        try third.append([1], [3])
        #expect(try third.publish().cut == EventTime(microseconds: 3))
    }

    @Test("gives the space of removed generations to later ones")
    func space() throws {
        let store = try LMDBOnlineStore(path: folder.file("online"))
        var sizes: [Int] = []
        for round in 0..<10 as Range<Int64> {
            let writer = try store.beginGeneration(plan(round))
            for entity in 0..<20_000 as Range<Int64> {
                try writer.append(key(entity), [UInt8](repeating: UInt8(round), count: 40))
            }
            _ = try writer.publish()
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.file("online/data.mdb"))
            sizes.append((attributes[.size] as? NSNumber)?.intValue ?? 0)
        }
        #expect(sizes[9] <= sizes[3], "\(sizes)")
    }

    @Test("refuses a damaged record of a generation")
    func damagedRecords() throws {
        let generation = Generation(
            id: 300, view: "vü", layout: [1], identity: [], cut: EventTime(microseconds: -5),
            entities: 7)
        let bytes = generation.encoded
        #expect(try Generation(encoded: bytes) == generation)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 4
            #expect(throws: StoreError.self) { _ = try Generation(encoded: damaged) }
            #expect(throws: StoreError.self) { _ = try Generation(encoded: Array(bytes[..<index])) }
        }
    }

    @Test("orders the keys of generations by their numbers")
    func keyOrder() {
        let keys = StoreKey()
        let numbers: [UInt64] = [0, 1, 247, 248, 255, 256, 65_535, 65_536, 1 << 40, .max]
        let prefixes = numbers.map { keys.bytes(generation: $0, entity: [1]) }
        for (one, next) in zip(prefixes, prefixes.dropFirst()) {
            #expect(one.lexicographicallyPrecedes(next))
        }
        #expect(prefixes[2] == Array("r1:{0}:".utf8) + [247, 58, 1])
        #expect(prefixes[4] == Array("r1:{0}:".utf8) + [248, 255, 58, 1])
    }

    private func plan(_ cut: Int64) -> GenerationPlan {
        GenerationPlan(view: "v", layout: [], identity: [], cut: EventTime(microseconds: cut))
    }

    private func key(_ number: Int64) -> [UInt8] {
        var key = EntityKey()
        key.append(number)
        return key.bytes
    }
}

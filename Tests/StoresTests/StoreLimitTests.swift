import Foundation
import TestSupport
import Testing
import Values

@testable import Stores

/// What happens when a disk, or the greatest size of the store, is reached.
@Suite("A store without room", .serialized)
struct StoreLimitTests {
    private static let page = 4096
    private static let entities = 4000 as Int64

    @Test("on a full disk says so, keeps the live generation, and goes on when there is room")
    func fullDisk() throws {
        let disk = try SmallDisk(bytes: 8 << 20)
        let need = try growth(disk)
        var hits = 0
        for step in 0..<12 {
            hits += try fillDisk(disk, "online\(step)", leaving: need * step / 12)
            try FileManager.default.removeItem(atPath: disk.file("online\(step)"))
        }
        print("full disk: \(hits) of 12 bulk loads met it")
        #expect(hits == 12)
    }

    /// How much a second generation takes beside the first.
    private func growth(_ disk: SmallDisk) throws -> Int {
        let store = try LMDBOnlineStore(path: disk.file("measured"))
        try fill(store, mark: 1)
        let before = disk.freeBytes
        try fill(store, mark: 2)
        return before - disk.freeBytes
    }

    /// Writes a generation beside another where `bytes` are left; returns 1 if they are too few.
    private func fillDisk(_ disk: SmallDisk, _ name: String, leaving bytes: Int) throws -> Int {
        let store = try LMDBOnlineStore(path: disk.file(name))
        let live = try fill(store, mark: 1)
        try disk.leaveFree(bytes)
        let error = #expect(throws: StoreError.self) { try fill(store, mark: 2) }
        #expect(error?.code == .diskFull && error?.isRetriable == true)
        #expect(error?.message.contains(disk.file(name)) == true)
        #expect(error?.hint?.contains("make room") == true)
        try check(store, live, mark: 1)
        try disk.makeRoom()
        try check(store, fill(store, mark: 2), mark: 2)
        return error?.code == .diskFull ? 1 : 0
    }

    @Test("cannot be made on a full disk, and can be made there when there is room")
    func creation() throws {
        let disk = try SmallDisk(bytes: 1 << 20)
        var hits = 0
        for pages in 0..<40 {
            let path = disk.file("online\(pages)")
            try disk.leaveFree(pages * Self.page)
            do {
                try fill(LMDBOnlineStore(path: path), mark: 1, entities: 1)
            } catch let error as StoreError {
                #expect(error.code == .diskFull, "\(pages) pages: \(error)")
                hits += 1
            }
            try disk.makeRoom()
            try makeAndCheck(path)
            try FileManager.default.removeItem(atPath: path)
        }
        print("full disk: \(hits) of 40 stores could not be made")
        #expect(hits >= 10)
    }

    private func makeAndCheck(_ path: String) throws {
        let store = try LMDBOnlineStore(path: path)
        try check(store, fill(store, mark: 2, entities: 10), mark: 2)
    }

    /// Small sizes stop a generation in its first transaction, large ones in a later one.
    @Test("at its greatest size says so, keeps the live generation, and takes a smaller one")
    func greatestSize() throws {
        let folder = try TemporaryFolder()
        var hits = 0
        let sizes = Array(40..<100) + Array(stride(from: 200, to: 440, by: 8))
        for pages in sizes {
            hits += try fillStore(folder.file("\(pages)"), pages: pages)
            try FileManager.default.removeItem(atPath: folder.file("\(pages)"))
        }
        print("greatest size: \(hits) of \(sizes.count) stores met it")
        #expect(hits == sizes.count)
    }

    /// Writes a generation too many; returns 1 if that was refused.
    private func fillStore(_ path: String, pages: Int) throws -> Int {
        let store = try LMDBOnlineStore(path: path, greatestSize: pages * Self.page)
        let live = try fill(store, mark: 1, entities: 1000)
        let error = #expect(throws: StoreError.self) {
            try fill(store, mark: 2, entities: Int64(pages) * 60)
        }
        #expect(error?.code == .full && error?.isRetriable == false)
        #expect(error?.message.contains(path) == true)
        #expect(error?.hint?.contains("size") == true)
        try check(store, live, mark: 1)
        try check(store, fill(store, mark: 3, entities: 100), mark: 3)
        return error?.code == .full ? 1 : 0
    }

    @discardableResult
    private func fill(
        _ store: LMDBOnlineStore, mark: Int64, entities: Int64 = StoreLimitTests.entities
    ) throws -> Generation {
        let writer = try store.beginGeneration(
            GenerationPlan(
                view: "v", layout: [1], identity: [UInt8(mark)],
                cut: EventTime(microseconds: mark)))
        for entity in 0..<entities {
            try writer.append(key(entity).bytes, value(mark, entity))
        }
        return try writer.publish()
    }

    /// Reads every state of the live generation.
    private func check(_ store: LMDBOnlineStore, _ live: Generation, mark: Int64) throws {
        let keys = (0..<Int64(live.entities)).map { key($0) }
        let answer = try store.read([StoreRequest(view: "v", keys: keys)])[0]
        #expect(answer.generation == live)
        let isWhole = zip(answer.values, 0...).allSatisfy { $0 == value(mark, $1) }
        #expect(isWhole, "mark \(mark)")
    }

    private func key(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    private func value(_ mark: Int64, _ entity: Int64) -> [UInt8] {
        Array("\(mark) \(entity) of a state that takes some room".utf8)
    }
}

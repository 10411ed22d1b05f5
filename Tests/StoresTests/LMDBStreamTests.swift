import CommitProtocol
import Foundation
import TestSupport
import Testing
import Values

@testable import Stores

@Suite("A stream into LMDB", .serialized)
struct LMDBStreamTests {
    @Test("goes on where a folder is that was restored")
    func restoring() throws {
        let folder = try TemporaryFolder()
        let fed = StreamConformance { try LMDBOnlineStore(path: folder.file("online")) }
        try begin(fed, commits: 3)
        // Nobody has the folder open.
        try copy(folder.file("online"), to: folder.file("copy"))
        try commit(fed, from: 3, to: 6)
        try FileManager.default.removeItem(atPath: folder.file("online"))
        try copy(folder.file("copy"), to: folder.file("online"))
        #expect(try fed.states([1]) == ["1 1 0 1 2"])
        try commit(fed, from: 3, to: 8)
        #expect(try fed.states([1]) == ["1 1 0 1 2 3 4 5 6 7"])
    }

    @Test("says that the store is full, and stays where it was")
    func greatestSize() throws {
        let folder = try TemporaryFolder()
        let fed = StreamConformance {
            try LMDBOnlineStore(path: folder.file("online"), greatestSize: 1 << 20)
        }
        try begin(fed, commits: 1)
        try fillUp(fed, .full)
    }

    @Test("says that the disk is full, stays where it was, and goes on when there is room")
    func fullDisk() throws {
        let disk = try SmallDisk(bytes: 4 << 20)
        let fed = StreamConformance { try LMDBOnlineStore(path: disk.file("online")) }
        try begin(fed, commits: 1)
        try disk.leaveFree(1 << 20)
        let end = try fillUp(fed, .diskFull)
        try disk.makeRoom()
        try commit(fed, from: end, to: end + 3)
    }

    /// Commits until there is no more room.
    ///
    /// - Returns: where the checkpoint is.
    @discardableResult
    private func fillUp(_ fed: StreamConformance, _ code: StoreError.Code) throws -> Int64 {
        let store = try fed.open()
        let id = try #require(try store.liveGeneration(view: "v")).id
        let committer = try store.streamCommitter(of: id, partition: 0, isShared: false)
        guard case .resume(let begin) = try committer.claim(fed.token(7)) else {
            throw CancellationError()
        }
        var position = begin
        let error = #expect(throws: StoreError.self) {
            for offset in begin.offset..<begin.offset + 1000 {
                var batch = fed.batch(offset..<offset + 1, [1, 1000 + offset])
                let fold = batch.fold
                batch.fold = { index, state throws(StoreError) in
                    let room = [UInt8](repeating: 32, count: index == 0 ? 0 : 50_000)
                    return try fold(index, state) + room
                }
                let action = try committer.commit(batch)
                #expect(action == .goOn(from: Position(offset + 1)))
                position = Position(offset + 1)
            }
        }
        #expect(error?.code == code, "\(error as Any)")
        #expect(try store.checkpoints(of: id, partitions: 1)[0]?.next == position)
        let words = (0..<position.offset).map { " \($0)" }.joined()
        #expect(try fed.states([1, 1000 + position.offset]) == ["1 1\(words)", nil])
        return position.offset
    }

    private func begin(_ fed: StreamConformance, commits: Int64) throws {
        _ = try fed.stream(fed.open(), mark: 1)
        try commit(fed, from: 0, to: commits)
    }

    private func commit(_ fed: StreamConformance, from begin: Int64, to end: Int64) throws {
        let store = try fed.open()
        let id = try #require(try store.liveGeneration(view: "v")).id
        let committer = try store.streamCommitter(of: id, partition: 0, isShared: false)
        let token = fed.token(.random(in: 1 ... .max))
        #expect(try committer.claim(token) == .resume(Position(begin)))
        for offset in begin..<end {
            let action = try committer.commit(fed.batch(offset..<offset + 1, [1]))
            #expect(action == .goOn(from: Position(offset + 1)))
        }
    }

    private func copy(_ source: String, to target: String) throws {
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }
}

import CommitProtocol
import Redis
import TestSupport
import Testing
import Values

@testable import Stores

/// The online stores, each as a place of one test.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case redis = "Redis"
    case lmdb = "LMDB"

    var testDescription: String { rawValue }

    /// Runs `body` with a store of its own.
    func with(_ body: (StreamConformance) throws -> Void) throws {
        switch self {
        case .redis:
            let server = try RedisServer()
            let address = RedisAddress(.host("127.0.0.1", port: server.port))
            try withExtendedLifetime(server) {
                try body(StreamConformance { try RedisOnlineStore(address) })
            }
        case .lmdb:
            let folder = try TemporaryFolder()
            try withExtendedLifetime(folder) {
                try body(StreamConformance { try LMDBOnlineStore(path: folder.file("online")) })
            }
        }
    }
}

@Suite("A stream into an online store")
struct StreamStoreTests {
    @Test("has a record that changes in one step", arguments: StoreKind.allCases)
    func records(kind: StoreKind) throws { try kind.with { try $0.records() } }

    @Test("has a record that is refused when it is damaged")
    func damagedRecords() throws {
        let generation = Generation(
            id: 300, view: "vü", layout: [1], identity: [], cut: EventTime(microseconds: -5),
            entities: 7)
        var record = StreamRecord(
            view: "vü", topic: "rides",
            live: .init(generation: generation, partitions: 12, isShared: true))
        #expect(try StreamRecord(encoded: record.encoded) == record)
        record.next = .init(generation: generation, partitions: 0, isShared: false)
        let bytes = record.encoded
        #expect(try StreamRecord(encoded: bytes) == record)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 4
            #expect(throws: StoreError.self) { _ = try StreamRecord(encoded: damaged) }
            #expect(throws: StoreError.self) {
                _ = try StreamRecord(encoded: Array(bytes[..<index]))
            }
        }
    }

    @Test("writes rows from its checkpoint on, by one owner", arguments: StoreKind.allCases)
    func commits(kind: StoreKind) throws { try kind.with { try $0.commits() } }

    @Test("writes nothing of a batch that fails", arguments: StoreKind.allCases)
    func failures(kind: StoreKind) throws { try kind.with { try $0.failures() } }

    @Test("writes to one state from several partitions", arguments: StoreKind.allCases)
    func sharing(kind: StoreKind) throws { try kind.with { try $0.sharing() } }

    @Test("is fenced, also in the step that makes it shared", arguments: StoreKind.allCases)
    func fences(kind: StoreKind) throws { try kind.with { try $0.fences() } }

    @Test(
        "is left a generation, which takes the place of an earlier one",
        arguments: StoreKind.allCases)
    func leaving(kind: StoreKind) throws { try kind.with { try $0.leaving() } }

    @Test("ends for the generation that is replaced, in that step", arguments: StoreKind.allCases)
    func publishing(kind: StoreKind) throws { try kind.with { try $0.publishing() } }

    @Test("lets nobody else replace what it feeds", arguments: StoreKind.allCases)
    func ordinaryPublishing(kind: StoreKind) throws {
        try kind.with { try $0.ordinaryPublishing() }
    }

    @Test("does not bring back what was forgotten", arguments: StoreKind.allCases)
    func forgetting(kind: StoreKind) throws { try kind.with { try $0.forgetting() } }
}

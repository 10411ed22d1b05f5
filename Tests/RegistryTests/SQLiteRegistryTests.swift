import Foundation
import TestSupport
import Testing
import Values

@testable import Registry

@Suite("The SQLite registry")
struct SQLiteRegistryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("does what every registry does")
    func conformance() throws {
        try RegistryConformance {
            try SQLRegistry(file: folder.file("\(UUID().uuidString)/registry.db"))
        }.runAll()
    }

    @Test("keeps everything when it is opened again")
    func reopening() throws {
        let path = folder.file("registry.db")
        let project = try Sample.project()
        _ = try SQLRegistry(file: path).apply(
            project, files: Sample.files, allowingBreaking: false, at: Sample.time(1))
        let again = try SQLRegistry(file: path)
        #expect(try again.appliedProject() == project)
        #expect(try again.appliedFiles() == Sample.files)
    }

    @Test("refuses what is no SQLite file, and leaves it alone")
    func foreignFile() throws {
        let path = folder.file("notes.txt")
        let text = Data(String(repeating: "not a database. ", count: 300).utf8)
        try text.write(to: URL(filePath: path))
        let error = #expect(throws: RegistryError.self) { _ = try SQLRegistry(file: path) }
        #expect(error?.code == .foreign)
        #expect(error?.message.contains(path) == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test("refuses the SQLite file of another program, and leaves it alone")
    func foreignDatabase() throws {
        let path = folder.file("other.db")
        do {
            let connection = try SQLiteConnection(path: path)
            try connection.runScript("CREATE TABLE songs (name TEXT)")
        }
        let before = try Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: RegistryError.self) { _ = try SQLRegistry(file: path) }
        #expect(error?.code == .foreign)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test("refuses a file of a later release")
    func newerSchema() throws {
        let path = folder.file("registry.db")
        _ = try SQLRegistry(file: path)
        do {
            let connection = try SQLiteConnection(path: path)
            try connection.runScript("PRAGMA user_version = 99")
        }
        let error = #expect(throws: RegistryError.self) { _ = try SQLRegistry(file: path) }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("99") == true)
    }

    @Test("never traps on a damaged file", arguments: [UInt64(1), 2, 3])
    func damage(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let path = folder.file("registry.db")
        do {
            let store = try SQLRegistry(file: path)
            _ = try store.apply(
                try Sample.project(), files: Sample.files, allowingBreaking: false,
                at: Sample.time(1))
            try store.register(Sample.model("one", [Sample.digest("a")]))
        }
        let original = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for round in 0..<60 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            if round % 3 == 0 {
                bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
            }
            let damaged = folder.file("damaged-\(round).db")
            try Data(bytes).write(to: URL(filePath: damaged))
            do throws(RegistryError) {
                let store = try SQLRegistry(file: damaged)
                _ = try store.appliedProject()
                _ = try store.models()
            } catch {
                #expect(!error.message.isEmpty, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("says so when another process holds it, and goes on when that is over")
    func busy() throws {
        let path = folder.file("registry.db")
        let store = try SQLRegistry(file: path, busyMilliseconds: 20)
        do {
            let other = try SQLiteConnection(path: path)
            try other.run("BEGIN IMMEDIATE")
            let error = #expect(throws: RegistryError.self) {
                _ = try store.beginRun("train", parameters: [:], at: Sample.time(1))
            }
            #expect(error?.code == .busy && error?.isRetriable == true)
            #expect(try store.runs().isEmpty)
        }
        #expect(try store.beginRun("train", parameters: [:], at: Sample.time(2)) == 1)
    }

    @Test("says so when the disk is full, and loses nothing")
    func fullDisk() throws {
        let path = folder.file("registry.db")
        let connection = try SQLiteConnection(path: path)
        try connection.runScript("CREATE TABLE rows (value TEXT); PRAGMA max_page_count = 10")
        try connection.run("INSERT INTO rows VALUES ('kept')")
        let error = #expect(throws: RegistryError.self) {
            try connection.transaction(.writing) { _ throws(RegistryError) in
                for _ in 0..<100 {
                    try connection.run(
                        "INSERT INTO rows VALUES (?1)",
                        [.text(String(repeating: "x", count: 4000))])
                }
            }
        }
        #expect(error?.code == .io && error?.message.contains("full") == true)
        #expect(try connection.integer("SELECT count(*) FROM rows") == 1)
    }

    @Test("gives an interval of a process that is gone to the next")
    func goneOwner() throws {
        let store = try SQLRegistry(file: folder.file("registry.db"))
        var generator = SystemRandomNumberGenerator()
        var gone = ClaimOwner.current(using: &generator)
        #expect(!gone.isGone)
        gone.processStart -= 1
        #expect(gone.isGone)
        let interval = ViewInterval(view: "v", from: Sample.time(0), to: Sample.time(1))
        let identity = RecordIdentity(of: "a")
        for owner in [gone, .current(using: &generator)] {
            let claim = try store.claim(
                interval, identity: identity, owner: owner, at: Sample.time(1), lease: .hours(1))
            guard case .claimed = claim else {
                Issue.record("\(claim)")
                return
            }
        }
        let third = try store.claim(
            interval, identity: identity, owner: .current(using: &generator), at: Sample.time(1),
            lease: .hours(1))
        guard case .running = third else {
            Issue.record("\(third)")
            return
        }
    }

    @Test("gives an interval to one of many that ask at once")
    func race() async throws {
        let path = folder.file("registry.db")
        _ = try SQLRegistry(file: path)
        try await RegistryConformance.race { try SQLRegistry(file: path) }
    }
}

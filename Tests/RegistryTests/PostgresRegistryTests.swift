import Postgres
import TestSupport
import Testing
import Values

@testable import Registry

@Suite("The PostgreSQL registry", .serialized)
struct PostgresRegistryTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared() }

    @Test("does what every registry does")
    func conformance() throws {
        try RegistryConformance { try SQLRegistry(server: server.makeDatabaseAddress()) }.runAll()
    }

    @Test("keeps everything when it is opened again, and is not made by looking for it")
    func reopening() throws {
        let address = try server.makeDatabaseAddress()
        #expect(try !SQLRegistry.exists(server: address))
        #expect(
            try PGConnection(address).run("SELECT to_regnamespace('roost_registry')") == [[nil]])
        let project = try Sample.project()
        _ = try SQLRegistry(server: address).apply(
            project, files: Sample.files, allowingBreaking: false, at: Sample.time(1))
        #expect(try SQLRegistry.exists(server: address))
        let again = try SQLRegistry(server: address)
        #expect(try again.appliedProject() == project)
        #expect(try again.appliedFiles() == Sample.files)
    }

    @Test("makes its tables once, and one apply of many that run at once")
    func race() throws {
        let address = try server.makeDatabaseAddress()
        let project = try Sample.project()
        let opening = (0..<6).map { _ in
            BackgroundThread { try SQLRegistry(server: address) }
        }
        let stores = try opening.map { try $0.value() }
        let applying = stores.map { store in
            BackgroundThread {
                try store.apply(
                    project, files: Sample.files, allowingBreaking: false, at: Sample.time(1))
            }
        }
        let outcomes = try applying.map { try $0.value() }
        #expect(outcomes.count { $0 == .unchanged } == 5)
        #expect(try SQLRegistry(server: address).applyHistory().map(\.number) == [1])
    }

    @Test("gives an interval to one of many that ask at once")
    func claims() async throws {
        let address = try server.makeDatabaseAddress()
        try await RegistryConformance.race { try SQLRegistry(server: address) }
    }

    @Test("says so when another process writes for too long, and goes on when that is over")
    func busy() throws {
        let address = try server.makeDatabaseAddress()
        let store = try SQLRegistry(server: address, busyMilliseconds: 20)
        let other = try PostgresRegistryConnection(address)
        try other.begin(.writing)
        let error = #expect(throws: RegistryError.self) {
            _ = try store.beginRun("train", parameters: [:], at: Sample.time(1))
        }
        #expect(error?.code == .busy && error?.isRetriable == true)
        #expect(try store.runs().isEmpty)
        other.rollBack()
        #expect(try store.beginRun("train", parameters: [:], at: Sample.time(2)) == 1)
    }

    @Test("keeps nothing of what a killed server was told, and finds its way back")
    func killedServer() throws {
        let own = try PostgresServer()
        let store = try SQLRegistry(server: own.address)
        let kept = try store.beginRun("train", parameters: ["a": "b"], at: Sample.time(1))
        let error = #expect(throws: RegistryError.self) {
            try store.write { connection throws(RegistryError) in
                try connection.run("UPDATE runs SET kind = 'lost'")
                own.kill()
                try connection.run("UPDATE runs SET kind = 'lost again'")
            }
        }
        #expect(error?.code == .io && error?.isRetriable == true)
        let down = #expect(throws: RegistryError.self) { try store.runs() }
        #expect(down?.isRetriable == true && down?.message.contains(own.password) == false)
        try own.start()
        #expect(try store.runs().map(\.kind) == ["train"])
        try store.endRun(kept, exitCode: 0, metrics: ["nan": .nan], at: Sample.time(2))
        #expect(try store.runs()[0].metrics["nan"]?.isNaN == true)
    }

    @Test("refuses tables of a later release")
    func newerSchema() throws {
        let address = try server.makeDatabaseAddress()
        _ = try SQLRegistry(server: address)
        try PGConnection(address).run("INSERT INTO roost_registry.migration (version) VALUES (99)")
        let error = #expect(throws: RegistryError.self) { _ = try SQLRegistry(server: address) }
        #expect(error?.code == .newerSchema && error?.message.contains("99") == true)
    }

    @Test("needs no more rights than the documentation says, and names the one that is missing")
    func rights() throws {
        let database = try server.makeDatabase()
        let address = server.address(user: "roost", password: server.password, database: database)
        _ = try SQLRegistry(server: address).beginRun("a", parameters: [:], at: Sample.time(1))
        let role = "role_\(UInt64.random(in: 0 ... .max))"
        try server.runAsOwner("CREATE ROLE \(role) LOGIN PASSWORD 'p'")
        let limited = server.address(user: role, password: "p", database: database)
        func failure(_ body: (SQLRegistry) throws -> Void) -> RegistryError? {
            #expect(throws: RegistryError.self) { try body(SQLRegistry(server: limited)) }
        }
        let outside = failure { _ in }
        #expect(outside?.code == .denied)
        #expect(
            outside?.hint?.contains("GRANT USAGE ON SCHEMA roost_registry TO \(role)") == true)
        let owner = try PGConnection(address)
        try owner.runAll(
            """
            GRANT USAGE ON SCHEMA roost_registry TO \(role);
            GRANT SELECT ON ALL TABLES IN SCHEMA roost_registry TO \(role);
            """)
        #expect(try SQLRegistry(server: limited).runs().map(\.kind) == ["a"])
        let reading = failure { _ = try $0.beginRun("b", parameters: [:], at: Sample.time(2)) }
        #expect(reading?.code == .denied)
        #expect(
            reading?.hint?.contains("GRANT INSERT ON roost_registry.runs TO \(role)") == true)
        try owner.run(
            "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA roost_registry TO \(role)")
        let store = try SQLRegistry(server: limited)
        _ = try store.beginRun("b", parameters: [:], at: Sample.time(2))
        _ = try store.apply(
            try Sample.project(), files: Sample.files, allowingBreaking: false, at: Sample.time(3))
        try store.register(Sample.model("one", [Sample.digest("a")]))
        #expect(try store.runs().map(\.kind) == ["a", "b"])
    }
}

import Postgres
import TestSupport
import Testing

@Suite("A connection to PostgreSQL")
struct PGConnectionTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer.shared() }

    @Test("runs commands with parameters, and tells nulls from empty texts")
    func parameters() throws {
        let connection = try PGConnection(server.address)
        let rows = try connection.run(
            "SELECT $1::text, $2::int + 1, $3::text, ''", ["it's \"x\"; ü", "41", nil])
        #expect(rows == [["it's \"x\"; ü", "42", nil, ""]])
        #expect(connection.place == "127.0.0.1:\(server.port)/roost")
        let error = #expect(throws: PostgresError.self) {
            try connection.run("SELECT $1", ["a\0b"])
        }
        #expect(error?.code == .value)
    }

    @Test("rolls a transaction back when it fails, and goes on")
    func transactions() throws {
        let connection = try PGConnection(server.address)
        try connection.runAll("CREATE TEMP TABLE t (a int PRIMARY KEY)")
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction { () throws(PostgresError) in
                try connection.run("INSERT INTO t VALUES (1)")
                try connection.run("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.code == .value && error?.sqlState == "23505")
        #expect(try connection.run("SELECT count(*) FROM t") == [["0"]])
        try connection.transaction { () throws(PostgresError) in
            #expect(try connection.change("INSERT INTO t VALUES (1), (2)") == 2)
        }
        #expect(try connection.run("SELECT count(*) FROM t") == [["2"]])
    }

    @Test("names what is wrong with the credentials and shows no password")
    func credentials() {
        let addresses = [
            server.address(user: "roost", password: "wr0ng", database: "roost"),
            server.address(user: "nobody", password: "wr0ng", database: "roost"),
            server.address(user: "roost", password: server.password, database: "nowhere"),
        ]
        for address in addresses {
            let error = #expect(throws: PostgresError.self) { try PGConnection(address) }
            #expect(error?.code == .denied, "\(String(describing: error))")
            #expect(error?.description.contains("wr0ng") == false)
        }
        let error = #expect(throws: PostgresError.self) {
            try PGConnection("postgres://roost:hush@host:port/x")
        }
        #expect(error?.code == .badAddress || error?.code == .disconnected)
        #expect(error?.description.contains("hush") == false)
    }

    @Test("tells the errors of a server apart")
    func serverErrors() throws {
        let connection = try PGConnection(server.address)
        let cases: [(String, PostgresError.Code)] = [
            ("SELECT * FROM missing", .schema), ("SELEC", .schema),
            ("SELECT 1 / 0", .value), ("SELECT * FROM pg_authid", .denied),
            ("BEGIN READ ONLY; CREATE TABLE x (a int)", .notReady),
        ]
        for (command, code) in cases {
            let error = #expect(throws: PostgresError.self) { try connection.runAll(command) }
            #expect(error?.code == code, "\(command): \(String(describing: error))")
        }
        try connection.run("ROLLBACK")
        #expect(try connection.run("SELECT 1") == [["1"]])
    }

    @Test("ends when the server is killed, and another one begins when it is back")
    func killed() throws {
        let own = try PostgresServer()
        let connection = try PGConnection(own.address)
        own.kill()
        let error = #expect(throws: PostgresError.self) { try connection.run("SELECT 1") }
        #expect(error?.isRetriable == true, "\(String(describing: error))")
        let refused = #expect(throws: PostgresError.self) { try PGConnection(own.address) }
        #expect(refused?.code == .disconnected)
        try own.start()
        #expect(try PGConnection(own.address).run("SELECT 1") == [["1"]])
    }
}

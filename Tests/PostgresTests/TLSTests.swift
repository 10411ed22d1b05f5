import Postgres
import TestSupport
import Testing

@Suite("TLS to PostgreSQL")
struct TLSTests {
    @Test("is used, and checked as far as the address says")
    func modes() throws {
        let ours = try TestCertificates()
        let others = try TestCertificates()
        let server = try PostgresServer(
            certificate: ours.issue("server", for: ["DNS:localhost"]))
        let byName = server.address.replacing("127.0.0.1", with: "localhost")
        func connect(_ address: String, _ settings: String) throws -> Bool {
            let rows = try PGConnection("\(address)?\(settings)").run(
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            return rows == [["t"]]
        }
        #expect(try connect(server.address, "sslmode=require"))
        #expect(try !connect(server.address, "sslmode=disable"))
        let root = "sslrootcert=\(ours.authority)"
        #expect(try connect(byName, "sslmode=verify-full&\(root)"))
        #expect(try connect(server.address, "sslmode=verify-ca&\(root)"))
        for (address, settings) in [
            (server.address, "sslmode=verify-full&\(root)"),
            (byName, "sslmode=verify-full&sslrootcert=\(others.authority)"),
            (byName, "sslmode=verify-ca&sslrootcert=\(others.authority)"),
            (byName, "sslmode=verify-full&sslrootcert=/nowhere"),
        ] {
            let error = #expect(throws: PostgresError.self) { try connect(address, settings) }
            #expect(error?.code == .denied && error?.isRetriable == false, "\(settings)")
            #expect(error?.hint?.contains("sslrootcert") == true, "\(String(describing: error))")
            #expect(error?.description.contains(server.password) == false)
        }
    }

    @Test("that a server does not speak is not done without")
    func missing() throws {
        let server = try PostgresServer.shared()
        let error = #expect(throws: PostgresError.self) {
            try PGConnection(server.address + "?sslmode=require")
        }
        #expect(error?.code == .denied && error?.hint?.contains("sslmode") == true)
    }
}

import Foundation
import Glibc
import Synchronization

/// A real PostgreSQL server on a free port of the loopback interface, with a data folder of its
/// own; it is ended when this object goes. The server refuses to run as root, so it runs as the
/// user `postgres` when the tests do.
public final class PostgresServer: Sendable {
    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        /// What the programs printed.
        public let description: String
    }

    /// The port it listens on, stopped or not.
    public let port: UInt16
    /// The password of the user `roost`, who owns the database `roost`.
    public let password = "s3cr:t/%"
    /// Where it keeps its files.
    public let folder: TemporaryFolder

    private let settings: [String]
    private let process = Mutex<Process?>(nil)

    /// One server for all tests that leave it as it is; it ends with the process.
    public static func shared() throws -> PostgresServer { try sharedResult.get() }

    private static let sharedResult = Result {
        let server = try PostgresServer()
        atexit { try? PostgresServer.shared().kill() }
        return server
    }

    /// Makes a data folder and starts a server.
    ///
    /// - Parameter settings: further settings, such as `["max_connections=5"]`.
    /// - Throws: `Failure` when a program is missing or the server does not come up within 60 s.
    public init(_ settings: [String] = []) throws {
        folder = try TemporaryFolder()
        port = try LoopbackPort.free().number
        self.settings = settings
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let home = folder.file("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        if getuid() == 0 { _ = try Self.run("/bin/chown", ["postgres", home]) }
        try "postgres-\(password)".write(
            toFile: folder.file("password"), atomically: true, encoding: .utf8)
        try asServerUser([
            "\(try Self.programs())/initdb", "--pgdata", "\(home)/data", "--username", "postgres",
            "--auth", "scram-sha-256", "--pwfile", folder.file("password"), "--encoding", "UTF8",
            "--locale", "C", "--no-sync",
        ])
        try start()
        try createRole()
    }

    deinit { kill() }

    /// The address of the database `roost` for the user `roost`.
    public var address: String { address(user: "roost", password: password, database: "roost") }

    /// The address of the server's owner.
    public var ownerAddress: String {
        address(user: "postgres", password: "postgres-\(password)", database: "roost")
    }

    /// An address with other credentials.
    public func address(user: String, password: String, database: String) -> String {
        let escaped = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "postgres://\(user):\(escaped)@127.0.0.1:\(port)/\(database)"
    }

    /// Starts it again, on the same port and with the same files.
    public func start() throws {
        let data = "\(folder.file("home"))/data"
        var command = [
            "\(try Self.programs())/postgres", "-D", data, "-p", "\(port)", "-c",
            "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        ]
        for setting in settings { command += ["-c", setting] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = Self.serverUser + command
        let log = folder.file("log")
        try Data().write(to: URL(fileURLWithPath: log))
        let output = FileHandle(forWritingAtPath: log) ?? .nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        self.process.withLock { $0 = process }
        let deadline = Date(timeIntervalSinceNow: 60)
        while !isReady {
            guard process.isRunning, Date() < deadline else {
                let text = try? String(contentsOfFile: log, encoding: .utf8)
                throw Failure(description: "PostgreSQL does not come up: \(text ?? "")")
            }
            sched_yield()
        }
    }

    /// Ends all its processes as a crash would, and waits until they are gone.
    public func kill() {
        let running = process.withLock { process in
            defer { process = nil }
            return process
        }
        guard let running else { return }
        // The first line of the file is the number of the process whose death ends all others.
        let file = "\(folder.file("home"))/data/postmaster.pid"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        if let line = text.split(separator: "\n").first, let identifier = Int32(line) {
            Glibc.kill(identifier, SIGQUIT)
        } else {
            running.terminate()
        }
        running.waitUntilExit()
    }

    private var isReady: Bool {
        guard let programs = try? Self.programs() else { return false }
        let arguments = ["-h", "127.0.0.1", "-p", "\(port)", "-q", "-t", "1"]
        return (try? Self.run("\(programs)/pg_isready", arguments)) != nil
    }

    private func createRole() throws {
        let environment = ["PGPASSWORD=postgres-\(password)"]
        let psql = [
            "\(try Self.programs())/psql", "-q", "-h", "127.0.0.1", "-p", "\(port)", "-U",
            "postgres", "-d", "postgres", "-c",
        ]
        for command in [
            "CREATE ROLE roost LOGIN PASSWORD '\(password)'",
            "CREATE DATABASE roost OWNER roost",
        ] { _ = try Self.run("/usr/bin/env", environment + psql + [command]) }
    }

    private func asServerUser(_ command: [String]) throws {
        _ = try Self.run("/usr/bin/env", Self.serverUser + command)
    }

    private static var serverUser: [String] {
        getuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
    }

    /// The folder of the newest server's programs.
    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap(Int.init).max() else {
            throw Failure(description: "no PostgreSQL: run `make test`, which installs it")
        }
        return "\(root)/\(newest)/bin"
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        do {
            return try JudgeProcess.run(program, arguments)
        } catch let failure as JudgeProcess.Failure {
            throw Failure(description: failure.description)
        }
    }
}

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
    public var password: String { Self.password }
    /// Where it keeps its files.
    public let folder: TemporaryFolder

    private let settings: [String]
    private let home: String
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
    public convenience init(_ settings: [String] = []) throws {
        try self.init(settings, home: nil)
        try initialize()
    }

    /// The same with its files below `home`.
    public convenience init(_ settings: [String] = [], in home: String) throws {
        try self.init(settings, home: home)
        try initialize()
    }

    /// The same with a certificate, so that it speaks TLS.
    public convenience init(certificate: TestCertificates.Files) throws {
        try self.init([], home: nil)
        for (name, path) in [("pem", certificate.certificate), ("key", certificate.key)] {
            let copy = folder.file("server.\(name)")
            _ = try Self.run("/bin/cp", [path, copy])
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy)
            if getuid() == 0 { _ = try Self.run("/bin/chown", ["postgres", copy]) }
        }
        try initialize()
    }

    /// Starts a server that follows `primary` and is read only.
    public convenience init(following primary: PostgresServer) throws {
        try self.init([], home: nil)
        try Self.asServerUser([
            "\(try Self.programs())/pg_basebackup", "--pgdata", data, "--write-recovery-conf",
            "--checkpoint", "fast", "--dbname", primary.ownerAddress,
        ])
        try start()
    }

    private init(_ settings: [String], home: String?) throws {
        folder = try TemporaryFolder()
        port = try LoopbackPort.free().number
        self.settings = settings
        try Self.makeReadable(folder.path)
        self.home = try Self.makeHome(home ?? folder.file("home"))
    }

    private func initialize() throws {
        let template = try Self.template.get()
        _ = try Self.run("/bin/cp", ["-a", template.file("home/data"), data])
        try start()
        try createRole()
    }

    private static let password = "s3cr:t/%"

    /// An empty data folder. Making one takes longer than everything else, copying it does not.
    private static let template: Result<TemporaryFolder, any Error> = Result {
        atexit { PostgresServer.removeTemplate() }
        let folder = try TemporaryFolder()
        try makeReadable(folder.path)
        let home = try makeHome(folder.file("home"))
        let file = folder.file("password")
        try "postgres-\(password)".write(toFile: file, atomically: true, encoding: .utf8)
        try asServerUser([
            "\(try programs())/initdb", "--pgdata", "\(home)/data", "--username", "postgres",
            "--auth", "scram-sha-256", "--pwfile", file, "--encoding", "UTF8", "--locale", "C",
            "--no-sync",
        ])
        return folder
    }

    private static func removeTemplate() {
        guard let folder = try? template.get() else { return }
        try? FileManager.default.removeItem(atPath: folder.path)
    }

    private static func makeReadable(_ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private static func makeHome(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        if getuid() == 0 { _ = try run("/bin/chown", ["postgres", path]) }
        return path
    }

    private var data: String { "\(home)/data" }

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
        var command = [
            "\(try Self.programs())/postgres", "-D", data, "-p", "\(port)", "-c",
            "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        ]
        var settings = settings
        if FileManager.default.fileExists(atPath: folder.file("server.pem")) {
            settings += ["ssl=on"]
            settings += ["ssl_cert_file=\(folder.file("server.pem"))"]
            settings += ["ssl_key_file=\(folder.file("server.key"))"]
        }
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
    public func kill() { end { Glibc.kill($0, SIGQUIT) } }

    /// Ends all its processes by SIGKILL, the one that watches the others first, and waits until they
    /// are gone.
    public func killHard() {
        end { postmaster in
            let children = Self.children(of: postmaster)
            for process in [postmaster] + children { Glibc.kill(process, SIGKILL) }
            // One that nobody has asked after stays in the table, as Z.
            for child in children {
                while let state = Self.status(of: child)?.first, state != "Z" { sched_yield() }
            }
        }
    }

    private static func children(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { process in
            status(of: process).map { $0.count > 1 && Int32($0[1]) == parent } ?? false
        }
    }

    /// The state of a process, its parent and more; nil when there is none.
    private static func status(of process: Int32) -> [Substring]? {
        let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return text?.split(separator: ")").last?.split(separator: " ")
    }

    private func end(_ kill: (Int32) -> Void) {
        let running = process.withLock { process in
            defer { process = nil }
            return process
        }
        guard let running else { return }
        // The first line of the file is the number of the process whose death ends all others.
        let file = "\(data)/postmaster.pid"
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        if let line = text.split(separator: "\n").first, let identifier = Int32(line) {
            kill(identifier)
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
        try runAsOwner(
            "CREATE ROLE roost LOGIN PASSWORD '\(password)'", "CREATE DATABASE roost OWNER roost")
    }

    /// Makes an empty database of the user `roost`, of a name that no other has.
    ///
    /// - Returns: its name.
    public func makeDatabase() throws -> String {
        let name = "test_\(UInt64.random(in: 0 ... .max))"
        try runAsOwner("CREATE DATABASE \(name) OWNER roost")
        return name
    }

    /// Makes an empty database as `makeDatabase` does.
    ///
    /// - Returns: its address for the user `roost`.
    public func makeDatabaseAddress() throws -> String {
        address(user: "roost", password: password, database: try makeDatabase())
    }

    /// Runs commands as the server's owner, in the database `database`.
    public func runAsOwner(_ commands: String..., database: String = "postgres") throws {
        let environment = ["PGPASSWORD=postgres-\(password)"]
        let psql = [
            "\(try Self.programs())/psql", "-q", "-h", "127.0.0.1", "-p", "\(port)", "-U",
            "postgres", "-d", database, "-v", "ON_ERROR_STOP=1",
        ]
        _ = try Self.run(
            "/usr/bin/env", environment + psql + commands.flatMap { ["-c", $0] })
    }

    private static func asServerUser(_ command: [String]) throws {
        _ = try run("/usr/bin/env", serverUser + command)
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

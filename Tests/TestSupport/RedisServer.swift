import Foundation
import Glibc

/// A real `redis-server` on a free port of the loopback interface, with a folder of its own; it is
/// ended when this object goes.
public final class RedisServer {
    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        /// What the server printed.
        public let description: String

        /// Makes a failure.
        public init(description: String) { self.description = description }
    }

    /// The port it listens on, stopped or not.
    public let port: UInt16
    /// The path of its Unix socket.
    public var socketPath: String { folder.file("redis.sock") }
    /// Where it keeps its files.
    public let folder: TemporaryFolder

    private let arguments: [String]
    private let tls: TLS?
    private var process: Process?

    /// How a server is spoken to with TLS alone.
    public struct TLS: Sendable {
        /// The server's certificate and key.
        public let files: TestCertificates.Files
        /// Who signs the certificates of clients and of other servers.
        public let authority: String
        /// Whether clients must show a certificate.
        public let asksClients: Bool

        /// Puts it together.
        public init(
            _ files: TestCertificates.Files, authority: String, asksClients: Bool = false
        ) {
            self.files = files
            self.authority = authority
            self.asksClients = asksClients
        }
    }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - arguments: further settings, such as `["--requirepass", "secret"]`.
    ///   - port: where it listens; a free port unless given.
    ///   - tls: nil for a server that is spoken to in the clear.
    /// - Throws: `Failure` when the program is missing or does not come up within 20 s.
    public init(_ arguments: [String] = [], port: UInt16? = nil, tls: TLS? = nil) throws {
        folder = try TemporaryFolder()
        self.port = try port ?? LoopbackPort.free().number
        self.arguments = arguments
        self.tls = tls
        try start()
    }

    deinit { kill() }

    /// Starts it again, on the same port and with the same files.
    public func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        process.arguments =
            listening + [
                "--bind", "127.0.0.1", "--unixsocket", socketPath, "--dir",
                folder.file(""), "--logfile", folder.file("log"), "--save", "",
            ] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw Failure(
                description: "no redis-server: run `make test`, which installs it (\(error))")
        }
        self.process = process
        let deadline = Date(timeIntervalSinceNow: 20)
        while !LoopbackPort(number: port).isListening {
            guard process.isRunning, Date() < deadline else {
                let log = try? String(contentsOfFile: folder.file("log"), encoding: .utf8)
                throw Failure(description: "redis-server does not come up: \(log ?? "")")
            }
            sched_yield()
        }
    }

    private var listening: [String] {
        guard let tls else { return ["--port", "\(port)"] }
        return [
            "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", tls.files.certificate,
            "--tls-key-file", tls.files.key, "--tls-ca-cert-file", tls.authority,
            "--tls-auth-clients", tls.asksClients ? "yes" : "no",
        ]
    }

    /// Ends it as a crash would, and waits until it is gone.
    public func kill() {
        guard let process else { return }
        self.process = nil
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Stops it where it is, connections open, until `resume`.
    public func pause() { signal(SIGSTOP) }

    /// Lets it go on after `pause`.
    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let process { Glibc.kill(process.processIdentifier, number) }
    }
}

import Glibc
import Synchronization
public import TLS
import Values
import Workers

/// An HTTP server: one loop per core, each with a thread, a listening socket, a service and its
/// connections of its own.
public final class HTTPServer: Sendable {
    /// The address it listens on, with the port that the system chose if it was asked to.
    public let address: ListenAddress

    private let limits: ServerLimits
    private let clock: ServerClock
    private let sockets: [Int32]
    private let wakes: [LoopWake]
    private let board: MetricsBoard
    private let threads = Mutex<[LoopThread]>([])
    private let failure = Mutex<ServerError?>(nil)
    private let tls: Mutex<TLSContext?>

    /// Takes the address; nobody is answered before `start`.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - loops: how many loops; at least 1.
    ///   - clock: the clock that features are asked by.
    ///   - limits: what clients may do.
    ///   - tls: who it is, for clients that speak TLS; nil for clients that speak in the clear.
    /// - Throws: `addressInUse` or `system`.
    public init(
        listeningOn address: ListenAddress, loops: Int, clock: ServerClock = .system,
        limits: ServerLimits = ServerLimits(), tls: TLSContext? = nil
    ) throws(ServerError) {
        precondition(loops >= 1, "a server needs a loop")
        try Self.checkIsFree(address)
        let first = try address.openSocket()
        self.address = address.withPort(first.port)
        var sockets = [first.descriptor]
        for _ in 1..<loops { sockets.append(try self.address.openSocket().descriptor) }
        self.sockets = sockets
        self.limits = limits
        self.clock = clock
        self.tls = Mutex(tls)
        wakes = (0..<loops).map { _ in LoopWake() }
        board = MetricsBoard(loops: loops)
    }

    /// Starts to answer, on threads of its own.
    ///
    /// A client that goes away while it is written to must not end the process, so the signal
    /// SIGPIPE is ignored from here on.
    ///
    /// - Parameters:
    ///   - stopsOnSignals: whether SIGTERM and SIGINT stop it, the second one at once.
    ///   - onHangup: is called on SIGHUP, on a loop that must not be kept long; nil = the signal is
    ///     left alone.
    ///   - makeService: makes the service of each loop; called once per loop, on this thread.
    /// - Throws: what `makeService` throws, or `system` when there is no thread.
    public func start(
        stopsOnSignals: Bool = false, onHangup: (@Sendable () -> Void)? = nil,
        _ makeService: () throws -> any FeatureService
    ) throws {
        _ = signal(SIGPIPE, SIG_IGN)
        let services = try wakes.map { _ in try makeService() }
        for index in sockets.indices {
            let service = services[index]
            var signals: [Int32: @Sendable () -> Void] = [:]
            if index == 0 {
                let stop: @Sendable () -> Void = { [self] in self.stop() }
                if stopsOnSignals { signals = [SIGTERM: stop, SIGINT: stop] }
                if let onHangup { signals[SIGHUP] = onHangup }
            }
            let thread = try Self.thread { [self, signals] in run(index, service, signals) }
            threads.withLock { $0.append(thread) }
        }
    }

    private static func thread(
        _ run: @escaping @Sendable () -> Void
    ) throws(ServerError) -> LoopThread {
        do throws(LoopThread.Failure) {
            return try LoopThread(run)
        } catch {
            throw ServerError(.system, "cannot start a thread: error \(error.code)")
        }
    }

    /// Waits until all loops have ended.
    ///
    /// - Throws: why a loop could not run.
    public func wait() throws(ServerError) {
        let threads = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in threads { thread.join() }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Lets requests that are under way end, at most for `drainTime`; called again, stops at once.
    /// From any thread.
    public func stop() {
        let command = stops.withLock { count in
            count += 1
            return count == 1 ? LoopWake.Command.drain : .stop
        }
        for wake in wakes { wake.send(command) }
    }

    private let stops = Mutex(0)

    /// Shows another certificate to clients that connect from here on; from any thread.
    ///
    /// A server that speaks in the clear cannot begin to speak TLS.
    public func show(_ tls: TLSContext) {
        self.tls.withLock { current in
            precondition(current != nil, "the server speaks in the clear")
            current = tls
        }
    }

    private func run(
        _ index: Int, _ service: any FeatureService, _ signals: [Int32: @Sendable () -> Void]
    ) {
        do throws(ServerError) {
            let loop = try UVLoop()
            try wakes[index].open(on: loop)
            let stores = LoopStores(on: loop, limits: limits)
            let tasks = try LoopTasks(on: loop)
            let router = Router(
                service: service, stores: stores, tasks: tasks, limits: limits, board: board,
                loop: index,
                clock: clock)
            let server = ServerLoop(
                loop, stores: stores, tasks: tasks, router: router, limits: limits,
                wake: wakes[index]
            ) { [self] in tls.withLock(\.self) }
            try server.run(sockets[index], onSignals: signals)
        } catch {
            failure.withLock { $0 = $0 ?? error }
            stop()
        }
    }

    /// With SO_REUSEPORT two servers could share a port by accident, and each answer half of the
    /// requests: a socket without it tells whether the port is taken.
    private static func checkIsFree(_ address: ListenAddress) throws(ServerError) {
        guard address.port != 0 else { return }
        let descriptor = try address.openSocket(isShared: false).descriptor
        _ = Glibc.close(descriptor)
    }
}

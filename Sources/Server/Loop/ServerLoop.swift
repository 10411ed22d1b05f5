import Glibc
import TLS
import Values

/// One loop with its listener, its connections and everything a request needs: nothing here is
/// shared with another loop. Used on one thread only.
final class ServerLoop {
    let router: Router
    /// What is about to be sent; the memory is used again for every answer.
    var output: [UInt8] = []
    private let limits: ServerLimits
    private let loop: UVLoop
    private let wake: LoopWake
    private let input: ReadBuffer
    private let stores: LoopStores
    private let tasks: LoopTasks
    /// How connections are encrypted; nil in the clear.
    private let tls: () -> TLSContext?
    private var listener: UVListener?
    private var timer: UVTimer?
    private var signals: [UVSignal] = []
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var drainDeadline: UInt64?

    init(
        _ loop: UVLoop, stores: LoopStores, tasks: LoopTasks, router: Router,
        limits: ServerLimits, wake: LoopWake, tls: @escaping () -> TLSContext?
    ) {
        self.tls = tls
        self.loop = loop
        self.stores = stores
        self.tasks = tasks
        self.router = router
        input = stores.input
        self.limits = limits
        self.wake = wake
    }

    var now: UInt64 { loop.now }

    /// Serves the connections of the bound socket `descriptor` until it is told to stop.
    func run(
        _ descriptor: Int32, onSignals actions: [Int32: @Sendable () -> Void]
    ) throws(ServerError) {
        wake.onCommand { [unowned self] in obey($0) }
        let timer = UVTimer(loop, every: tickMilliseconds) { [unowned self] in tick() }
        self.timer = timer
        signals = actions.map { UVSignal(loop, $0.key, $0.value) }
        unblock(Array(actions.keys))
        do throws(ServerError) {
            listener = try UVListener(descriptor, on: loop) { [unowned self] in accept() }
        } catch {
            obey(.stop)
            loop.run()
            throw error
        }
        obey(wake.command)
        loop.run()
        router.publish()
    }

    /// A parent may have started this process with its signals blocked, as threads of Dispatch do.
    private func unblock(_ signals: [Int32]) {
        if signals.isEmpty { return }
        var set = sigset_t()
        _ = unsafe sigemptyset(&set)
        for signal in signals { _ = unsafe sigaddset(&set, signal) }
        _ = unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// A quarter of the shortest deadline: none is missed by more than that.
    private var tickMilliseconds: UInt64 {
        let shortest =
            [
                limits.headTime, limits.bodyTime, limits.idleTime, limits.sendTime,
                limits.lingerTime,
                limits.drainTime, limits.storeTime,
            ].map(\.milliseconds).min() ?? 1000
        return min(250, max(1, shortest / 4))
    }

    private func accept() {
        guard let listener,
            let stream = UVStream(acceptedBy: listener, on: loop, into: input)
        else { return }
        guard let stream = secured(stream) else { return unsafe stream.close() }
        guard connections.count < limits.connections else {
            router.metrics.refusedConnections += 1
            output.removeAll(keepingCapacity: true)
            let refusal = HTTPRefusal(
                .serviceUnavailable, "there are \(limits.connections) connections; try again later")
            _ = router.answer(.failure(refusal), keepsAlive: false, to: &output) { _ in }
            // Whether the client gets to read it is up to the system: nothing is kept for it.
            _ = stream.send(output)
            stream.close()
            return
        }
        router.metrics.acceptedConnections += 1
        let connection = ServerConnection(stream, on: self, limits: limits)
        connections[ObjectIdentifier(connection)] = connection
        router.metrics.openConnections = connections.count
    }

    private func secured(_ stream: UVStream) -> SecureStream? {
        guard let context = tls() else { return SecureStream(stream, nil) }
        guard let session = try? TLSSession(server: context) else { return nil }
        return SecureStream(stream, session)
    }

    func closed(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
        router.metrics.openConnections = connections.count
        if drainDeadline != nil, connections.isEmpty { finish() }
    }

    private func tick() {
        for connection in Array(connections.values) { connection.tick() }
        stores.tick()
        router.publish()
        if let drainDeadline, now >= drainDeadline { obey(.stop) }
    }

    private func obey(_ command: LoopWake.Command) {
        switch command {
        case .run: break
        case .drain:
            guard drainDeadline == nil else { return }
            drainDeadline = now + limits.drainTime.milliseconds
            unsafe listener?.close()
            for connection in Array(connections.values) { connection.drain() }
            if connections.isEmpty { finish() }
        case .stop:
            drainDeadline = now
            unsafe listener?.close()
            for connection in Array(connections.values) { connection.close() }
            finish()
        }
    }

    /// Closes what keeps the loop running.
    private func finish() {
        unsafe timer?.close()
        for signal in signals { unsafe signal.close() }
        stores.close()
        tasks.close()
        wake.close()
    }
}

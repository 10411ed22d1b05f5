import Redis
import Stores

/// Drives the reads of one loop: performs what their state machine decides.
///
/// Reads that come in one turn of the loop are sent together before the loop waits again.
final class RedisClient {
    private let loop: UVLoop
    private let input: ReadBuffer
    private var reads: RedisReads
    private var sockets: [RedisExchange.Server: RedisSocket] = [:]
    private var readers: [Int: (Result<[StoreAnswer], StoreError>) -> Void] = [:]
    private var lastTicket = 0
    private var turn: UVPrepare?
    private var isSettling = false

    init(_ reads: RedisReads, on loop: UVLoop, into input: ReadBuffer) {
        self.loop = loop
        self.input = input
        self.reads = reads
        turn = UVPrepare(loop) { [unowned self] in endTurn() }
    }

    /// Whether a read is under way.
    var isBusy: Bool { !readers.isEmpty }

    /// Reads states; `then` gets the answer after this call.
    func read(
        _ requests: [StoreRequest],
        _ then: @escaping (Result<[StoreAnswer], StoreError>) -> Void
    ) {
        lastTicket += 1
        readers[lastTicket] = then
        reads.begin(requests, ticket: lastTicket, at: loop.now)
    }

    /// Looks what is late.
    func tick() {
        reads.tick(at: loop.now)
        settle()
    }

    /// Closes everything; who waits gets no answer.
    func close() {
        unsafe turn?.close()
        readers = [:]
        for socket in sockets.values { socket.close() }
        sockets = [:]
    }

    private func endTurn() {
        settle()
        reads.flush()
        settle()
    }

    /// Performs actions and hands answers out until there are no more.
    private func settle() {
        if isSettling { return }
        isSettling = true
        defer { isSettling = false }
        while true {
            let actions = reads.takeActions()
            let finished = reads.takeFinished()
            if actions.isEmpty, finished.isEmpty { return }
            for action in actions { perform(action) }
            for read in finished { readers.removeValue(forKey: read.ticket)?(read.result) }
        }
    }

    private func perform(_ action: RedisExchange.Action) {
        switch action {
        case .connect(let server, let address):
            sockets[server] = RedisSocket(to: address, on: loop, into: input) {
                [unowned self] event in
                handle(event, of: server)
                settle()
            }
        case .send(let server, let bytes):
            if sockets[server]?.send(bytes) == true { reads.sent(server) }
        case .close(let server): sockets.removeValue(forKey: server)?.close()
        }
    }

    private func handle(_ event: RedisSocket.Event, of server: RedisExchange.Server) {
        switch event {
        case .connected: reads.connected(server, at: loop.now)
        case .sent: reads.sent(server)
        case .reply(let reply): reads.received(reply, from: server, at: loop.now)
        case .failure(let error):
            sockets.removeValue(forKey: server)?.close()
            reads.broke(server, error, at: loop.now)
        }
    }
}

public import Redis

/// Reads of states that share connections, as a state machine: see `RedisExchange`, whose events
/// and actions it passes on.
///
/// Used by one loop: each has connections of its own.
public struct RedisReads {
    /// Milliseconds on a clock that never goes back.
    public typealias Instant = RedisExchange.Instant

    /// The answer to a read.
    public struct Finished {
        /// The read.
        public let ticket: Int
        /// One answer per request, or why there are none.
        public let result: Result<[StoreAnswer], StoreError>
    }

    private let keys: StoreKey
    private let isInOrder: Bool
    private let limits: RedisExchange.Limits
    private var exchange: RedisExchange
    private var live: [StoreArea: LivePointer] = [:]
    private var underWay: [Int: (read: RedisRead, deadline: Instant)] = [:]
    private var finished: [Finished] = []

    /// Starts without a connection to the servers of `store`.
    public init(of store: RedisOnlineStore, limits: RedisExchange.Limits = .init()) {
        keys = store.keys
        isInOrder = store.deployment.tagCount == 1
        self.limits = limits
        exchange = RedisExchange(
            store.address, isCluster: !isInOrder, limits: limits)
    }

    /// How many reads are under way.
    public var count: Int { underWay.count }

    /// Begins a read, whose answer will be among `takeFinished`; with `busy` when too many are
    /// under way.
    public mutating func begin(_ requests: [StoreRequest], ticket: Int, at now: Instant) {
        guard exchange.hasRoom else {
            let error = StoreError(
                .busy, "too many reads of \(exchange.description) are under way",
                hint: "ask again in a moment; see whether Redis is overloaded")
            finished.append(Finished(ticket: ticket, result: .failure(error)))
            return
        }
        var read = RedisRead(requests, known: live, keys, isInOrder: isInOrder)
        let commands = read.start()
        let deadline = now + limits.answerTime
        underWay[ticket] = (read, deadline)
        exchange.ask(commands, ticket: ticket, by: deadline, at: now)
        settle(at: now)
    }

    /// An event of the driver: see `RedisExchange`.
    public mutating func connected(_ server: RedisExchange.Server, at now: Instant) {
        exchange.connected(server, at: now)
    }

    /// An event of the driver: see `RedisExchange`.
    public mutating func sent(_ server: RedisExchange.Server) { exchange.sent(server) }

    /// An event of the driver: see `RedisExchange`.
    public mutating func received(
        _ reply: RedisReply, from server: RedisExchange.Server, at now: Instant
    ) {
        exchange.received(reply, from: server, at: now)
        settle(at: now)
    }

    /// An event of the driver: see `RedisExchange`.
    public mutating func broke(
        _ server: RedisExchange.Server, _ error: RedisError, at now: Instant
    ) {
        exchange.broke(server, error, at: now)
        settle(at: now)
    }

    /// To be called once per turn of the loop: see `RedisExchange`.
    public mutating func flush() { exchange.flush() }

    /// To be called now and then: see `RedisExchange`.
    public mutating func tick(at now: Instant) {
        exchange.tick(at: now)
        settle(at: now)
    }

    /// What the driver has to do, in this order.
    public mutating func takeActions() -> [RedisExchange.Action] { exchange.takeActions() }

    /// The reads that are answered.
    public mutating func takeFinished() -> [Finished] {
        defer { finished = [] }
        return finished
    }

    /// Leads reads on whose commands are answered.
    private mutating func settle(at now: Instant) {
        while true {
            let answered = exchange.takeFinished()
            if answered.isEmpty { return }
            for answer in answered { advance(answer, at: now) }
        }
    }

    private mutating func advance(_ answered: RedisExchange.Finished, at now: Instant) {
        let ticket = answered.ticket
        guard let (begun, deadline) = underWay.removeValue(forKey: ticket) else { return }
        var read = begun
        do throws(StoreError) {
            switch try read.take(answered.result.mapError(StoreError.init).get()) {
            case .run(let commands):
                read.tell(&live)
                underWay[ticket] = (read, deadline)
                exchange.ask(commands, ticket: ticket, by: deadline, at: now)
            case .done(let answers):
                finished.append(Finished(ticket: ticket, result: .success(answers)))
            }
        } catch {
            read.tell(&live)
            finished.append(Finished(ticket: ticket, result: .failure(error)))
            if case .success(let replies) = answered.result, !read.fits(replies) {
                exchange.distrust(
                    RedisError(.protocolViolation, error.message, hint: error.hint), at: now)
            }
        }
    }
}

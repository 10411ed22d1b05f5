// Many callers share one connection to each server. Each brings commands with a ticket; the
// answers of a ticket come back together, or one error. Commands are kept in lines: the oldest
// command of a connection gets the next answer, and a command whose ticket is gone, because it was
// late, still stands in its line, so that no answer is ever taken for that of another.
//
// In a cluster a command goes to the master that has its slot. MOVED and ASK are followed to the
// server that they name; what nobody can do yet waits a little, within the ticket's time.
//
// Commands may be run twice: they only read.

/// What is asked of Redis servers by one loop, as a state machine. It does no I/O and reads no
/// clock: events go in, `takeActions` tells what to do and `takeFinished` what is answered.
public struct RedisExchange {
    /// Milliseconds on a clock that never goes back.
    public typealias Instant = UInt64
    /// The number of a server, in the order in which they were met.
    public typealias Server = Int

    /// How long and how much may be under way.
    public struct Limits: Hashable, Sendable {
        /// Milliseconds from a question to its answer.
        public var answerTime: Instant = 1000
        /// Milliseconds to connect, and then to sign in.
        public var connectTime: Instant = 1000
        /// Milliseconds without a byte after which a connection that owes answers is given up.
        public var silence: Instant = 3000
        /// Questions under way; one more is refused.
        public var questions = 1024
        /// Bytes of commands that servers have not answered; beyond it questions are refused.
        public var bytes = 16 << 20

        /// 1 s to answer, 1024 questions.
        public init() {}
    }

    /// What the driver does next.
    public enum Action: Hashable, Sendable {
        /// Connect to a server; then `connected` or `broke`.
        case connect(Server, RedisAddress)
        /// Send bytes to it; then `sent`.
        case send(Server, [UInt8])
        /// Forget the connection and what may still come from it.
        case close(Server)
    }

    /// The answers of a ticket.
    public struct Finished {
        /// The ticket.
        public let ticket: Int
        /// One answer per command, or why there are none.
        public let result: Result<[RedisReply], RedisError>
    }

    enum Purpose {
        case command(ticket: Int, index: Int)
        case asking
        case slots
    }

    struct Question {
        var commands: KeyedCommands
        var replies: [RedisReply]
        var missing: Int
        var deadline: Instant
        /// How often commands may still be sent again.
        var retries: Int
    }

    /// Milliseconds between two questions for the cluster's map, and before a command that nobody
    /// can do yet is tried again.
    private static let pause: Instant = 50
    /// How often a command is sent again because its key moved or its connection broke.
    private static let retriesPerCommand = 4

    let address: RedisAddress
    private let isCluster: Bool
    private let limits: Limits
    private var map = ClusterMap()
    private var links: [RedisLink<Purpose>] = []
    private var questions: [Int: Question] = [:]
    /// Commands that no server can do yet.
    private var parked: [(ticket: Int, index: Int, due: Instant)] = []
    private var isLearning = false
    private var nextLesson: Instant = 0
    private var actions: [Action] = []
    private var finished: [Finished] = []

    /// Starts without a connection.
    ///
    /// - Parameters:
    ///   - address: one server, or any server of a cluster.
    ///   - isCluster: whether keys are spread over several servers.
    ///   - limits: how long and how much may be under way.
    public init(_ address: RedisAddress, isCluster: Bool, limits: Limits = Limits()) {
        self.address = address
        self.isCluster = isCluster
        self.limits = limits
    }

    /// Whether another question is taken.
    public var hasRoom: Bool {
        questions.count < limits.questions
            && links.reduce(0) { $0 + $1.awaitedBytes } < limits.bytes
    }

    /// Takes commands, to be answered under `ticket` by `deadline`.
    public mutating func ask(
        _ commands: KeyedCommands, ticket: Int, by deadline: Instant, at now: Instant
    ) {
        precondition(questions[ticket] == nil, "a ticket is used twice")
        questions[ticket] = Question(
            commands: commands, replies: Array(repeating: .null, count: commands.count),
            missing: commands.count, deadline: deadline,
            retries: commands.count * Self.retriesPerCommand)
        if commands.count == 0 { finish(ticket, .success([])) }
        for index in 0..<commands.count { dispatch(ticket, index, at: now) }
    }

    /// The connection to a server is there.
    public mutating func connected(_ server: Server, at now: Instant) {
        perform(links[server].connected(at: now), server)
    }

    /// All bytes of the last `send` have been taken.
    public mutating func sent(_ server: Server) { links[server].sent() }

    /// A server has answered.
    public mutating func received(_ reply: RedisReply, from server: Server, at now: Instant) {
        switch links[server].received(reply, at: now) {
        case .command(.command(let ticket, let index)):
            take(reply, ticket, index, from: server, at: now)
        case .command(.slots): learn(reply, from: server, at: now)
        case .command(.asking), .own: break
        case .failure(let error): close(server, error, at: now)
        }
    }

    /// The connection to a server is gone or was not to be had.
    public mutating func broke(_ server: Server, _ error: RedisError, at now: Instant) {
        let (purposes, mayRetry) = links[server].broke(error, at: now)
        for purpose in purposes {
            switch purpose {
            case .command(let ticket, let index):
                if mayRetry {
                    retry(ticket, index, or: error, at: now)
                } else {
                    finish(ticket, .failure(error))
                }
            case .slots: isLearning = false
            case .asking: break
            }
        }
        askForMap(at: now)
    }

    /// Gives all connections up, because an answer came that is none to its question: those after
    /// it may belong to others, too.
    public mutating func distrust(_ error: RedisError, at now: Instant) {
        for server in links.indices where links[server].isConnected {
            close(server, error, at: now)
        }
    }

    /// Sends what was collected since it was called last: to be called once per turn of the loop.
    public mutating func flush() {
        for server in links.indices { perform(links[server].flush(), server) }
    }

    /// Looks what is late and tries again what was parked: to be called now and then.
    public mutating func tick(at now: Instant) {
        for server in links.indices {
            if let error = links[server].lateness(at: now) { close(server, error, at: now) }
        }
        for ticket in questions.filter({ $0.value.deadline <= now }).keys.sorted() {
            let error = RedisError(
                .timeout, "Redis at \(address) did not answer in time",
                hint: "see whether it is overloaded or cannot be reached; then ask again")
            finish(ticket, .failure(error))
        }
        let due = parked.filter { $0.due <= now }
        parked.removeAll { $0.due <= now }
        for command in due { dispatch(command.ticket, command.index, at: now) }
    }

    /// What the driver has to do, in this order.
    public mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// The tickets that are answered.
    public mutating func takeFinished() -> [Finished] {
        defer { finished = [] }
        return finished
    }

    private mutating func perform(_ step: RedisLink<Purpose>.Step?, _ server: Server) {
        switch step {
        case .connect: actions.append(.connect(server, links[server].address))
        case .send(let bytes): actions.append(.send(server, bytes))
        case nil: break
        }
    }

    private mutating func close(_ server: Server, _ error: RedisError, at now: Instant) {
        actions.append(.close(server))
        broke(server, error, at: now)
    }

    private mutating func finish(_ ticket: Int, _ result: Result<[RedisReply], RedisError>) {
        if questions.removeValue(forKey: ticket) == nil { return }
        finished.append(Finished(ticket: ticket, result: result))
    }
}

extension RedisExchange: CustomStringConvertible {
    /// The address of the servers.
    public var description: String { address.description }
}

extension RedisExchange {
    /// Gives a command to the server that has its key.
    private mutating func dispatch(_ ticket: Int, _ index: Int, at now: Instant) {
        guard let question = questions[ticket] else { return }
        if !isCluster { return send(ticket, index, to: server(at: address.place), at: now) }
        guard let master = map.master(of: question.commands.slots[index]) else {
            return park(ticket, index, at: now)
        }
        send(ticket, index, to: server(at: master), at: now)
    }

    private mutating func send(
        _ ticket: Int, _ index: Int, to server: Server, isAsking: Bool = false, at now: Instant
    ) {
        guard let commands = questions[ticket]?.commands.commands else { return }
        if let error = links[server].refusal(at: now) {
            finish(ticket, .failure(error))
            return askForMap(at: now)
        }
        if isAsking {
            var asking = RedisCommands()
            asking.append("ASKING")
            perform(links[server].append(0, of: asking, for: .asking, at: now), server)
        }
        let purpose = Purpose.command(ticket: ticket, index: index)
        perform(links[server].append(index, of: commands, for: purpose, at: now), server)
    }

    /// The number of the server at a place, with a link that is made when it is needed first.
    private mutating func server(at place: RedisAddress.Place) -> Server {
        if let server = links.firstIndex(where: { $0.address.place == place }) { return server }
        var own = address
        own.place = place
        links.append(RedisLink(own, limits))
        return links.count - 1
    }

    private mutating func take(
        _ reply: RedisReply, _ ticket: Int, _ index: Int, from server: Server, at now: Instant
    ) {
        guard questions[ticket] != nil else { return }
        if isCluster, reply.isRedirection {
            return redirect(reply, ticket, index, from: server, at: now)
        }
        questions[ticket]?.replies[index] = reply
        questions[ticket]?.missing -= 1
        if let question = questions[ticket], question.missing == 0 {
            finish(ticket, .success(question.replies))
        }
    }

    private mutating func redirect(
        _ reply: RedisReply, _ ticket: Int, _ index: Int, from server: Server, at now: Instant
    ) {
        guard spendRetry(ticket) else {
            return finish(ticket, .failure(RedisError(serverError: reply.errorText)))
        }
        let place = links[server].address.place
        if let place = reply.askedPlace(besides: place) {
            send(ticket, index, to: self.server(at: place), isAsking: true, at: now)
        } else if let place = reply.movedPlace(besides: place) {
            send(ticket, index, to: self.server(at: place), at: now)
            askForMap(at: now)
        } else {
            park(ticket, index, at: now)
        }
    }

    /// Sends a command of a connection that broke once more.
    private mutating func retry(
        _ ticket: Int, _ index: Int, or error: RedisError, at now: Instant
    ) {
        guard spendRetry(ticket) else { return finish(ticket, .failure(error)) }
        dispatch(ticket, index, at: now)
    }

    private mutating func spendRetry(_ ticket: Int) -> Bool {
        guard let left = questions[ticket]?.retries, left > 0 else { return false }
        questions[ticket]?.retries = left - 1
        return true
    }

    private mutating func park(_ ticket: Int, _ index: Int, at now: Instant) {
        parked.append((ticket, index, now + Self.pause))
        askForMap(at: now)
    }

    /// Asks a server that can be reached who has which slots, unless that was done a moment ago.
    private mutating func askForMap(at now: Instant) {
        guard isCluster, !isLearning, now >= nextLesson else { return }
        let servers = (map.masters + [address.place]).map { server(at: $0) }
        guard let server = servers.first(where: { links[$0].refusal(at: now) == nil }) else {
            return
        }
        nextLesson = now + Self.pause
        isLearning = true
        var commands = RedisCommands()
        commands.append("CLUSTER", "SLOTS")
        perform(links[server].append(0, of: commands, for: .slots, at: now), server)
    }

    private mutating func learn(_ reply: RedisReply, from server: Server, at now: Instant) {
        isLearning = false
        let host = links[server].address.place.hostName
        guard let map = try? ClusterMap(reply, askedAt: host) else { return }
        self.map = map
        let waiting = parked
        parked = []
        for command in waiting { dispatch(command.ticket, command.index, at: now) }
    }
}

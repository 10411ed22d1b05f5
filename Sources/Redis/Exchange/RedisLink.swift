/// One connection to a server as a state machine: what is sent when, whose answer comes next, what
/// is late, and when to connect again. It does no I/O and reads no clock.
///
/// Commands are collected and sent by `flush`, so that all of one turn of a loop are one write.
/// It connects when a command comes. After a failure commands are refused until a pause is over,
/// which doubles with each failure in a row: a server that comes back is not met by a crowd, and
/// nobody waits for one that is gone.
struct RedisLink<Purpose> {
    typealias Instant = RedisExchange.Instant

    /// What the driver does.
    enum Step {
        case connect
        case send([UInt8])
    }

    /// What an answer was for.
    enum Answer {
        /// For a command that was appended.
        case command(Purpose)
        /// For the link itself.
        case own
        /// For nobody, or it says that this link is of no use: it must be broken.
        case failure(RedisError)
    }

    private enum State {
        case idle
        case connecting
        case signingIn(left: Int)
        case ready
        case refusing(RedisError, until: Instant)
    }

    static var shortestPause: Instant { 20 }
    static var longestPause: Instant { 2000 }

    let address: RedisAddress
    private let limits: RedisExchange.Limits
    private var state = State.idle
    private var outbox = RedisCommands()
    private var awaited: [(purpose: Purpose, byteCount: Int)] = []
    /// How many of `awaited` are answered.
    private var answeredCount = 0
    private var isSending = false
    /// Whether the connection has answered a command.
    private var isProven = false
    private var lastHeard: Instant = 0
    private var pause = Self.shortestPause

    /// Bytes of commands that are not answered.
    private(set) var awaitedBytes = 0

    init(_ address: RedisAddress, _ limits: RedisExchange.Limits) {
        self.address = address
        self.limits = limits
    }

    /// Whether commands have been or may be sent.
    var isConnected: Bool {
        guard case .ready = state else { return false }
        return true
    }

    /// Why commands are refused at `now`; nil when they are taken.
    func refusal(at now: Instant) -> RedisError? {
        guard case .refusing(let error, let until) = state, now < until else { return nil }
        return error
    }

    /// Takes a command to be sent by the next `flush`.
    ///
    /// - Returns: what to do at once; nothing when the link is there or on its way.
    mutating func append(
        _ index: Int, of commands: RedisCommands, for purpose: Purpose, at now: Instant
    ) -> Step? {
        if awaited.count == answeredCount { lastHeard = now }
        let before = outbox.bytes.count
        outbox.append(index, of: commands)
        let byteCount = outbox.bytes.count - before
        awaited.append((purpose, byteCount))
        awaitedBytes += byteCount
        switch state {
        case .connecting, .signingIn, .ready: return nil
        case .idle, .refusing:
            state = .connecting
            lastHeard = now
            return .connect
        }
    }

    /// The connection is there: signs in.
    mutating func connected(at now: Instant) -> Step? {
        guard case .connecting = state else { return nil }
        let commands = address.signIn
        state = .signingIn(left: commands.count)
        lastHeard = now
        isSending = true
        return .send(commands.bytes)
    }

    /// Sends what was collected.
    mutating func flush() -> Step? {
        guard case .ready = state, !isSending, outbox.count > 0 else { return nil }
        isSending = true
        defer { outbox.removeAll() }
        return .send(outbox.bytes)
    }

    /// All that was sent has been taken.
    mutating func sent() { isSending = false }

    /// Takes an answer.
    mutating func received(_ reply: RedisReply, at now: Instant) -> Answer {
        lastHeard = now
        if case .signingIn(let left) = state {
            do throws(RedisError) {
                try reply.confirm()
            } catch {
                return .failure(error)
            }
            state = left > 1 ? .signingIn(left: left - 1) : .ready
            return .own
        }
        // A command that still waits to be sent cannot have been answered.
        guard case .ready = state, answeredCount + outbox.count < awaited.count else {
            return .failure(
                RedisError(
                    .protocolViolation,
                    "Redis at \(address) sent \(reply.kind) that nobody asked for"))
        }
        isProven = true
        pause = Self.shortestPause
        let (purpose, byteCount) = awaited[answeredCount]
        awaitedBytes -= byteCount
        answeredCount += 1
        // The front is given up when it is the greater part: each entry moves once.
        if answeredCount * 2 > awaited.count {
            awaited.removeFirst(answeredCount)
            answeredCount = 0
        }
        return .command(purpose)
    }

    /// What has lasted too long; nil when nothing has.
    func lateness(at now: Instant) -> RedisError? {
        switch state {
        case .connecting, .signingIn:
            guard now >= lastHeard + limits.connectTime else { return nil }
        case .ready:
            guard answeredCount < awaited.count, now >= lastHeard + limits.silence else {
                return nil
            }
        case .idle, .refusing: return nil
        }
        return RedisError(
            .timeout, "Redis at \(address) does not answer",
            hint: "see whether it runs, is overloaded or cannot be reached")
    }

    /// The connection is gone.
    ///
    /// - Returns: whose commands are not answered, and whether they may be sent again at once: not
    ///   after a connection that never answered a command.
    mutating func broke(
        _ error: RedisError, at now: Instant
    ) -> (purposes: [Purpose], mayRetry: Bool) {
        let purposes = awaited[answeredCount...].map(\.purpose)
        let mayRetry = isProven && [.disconnected, .protocolViolation].contains(error.code)
        if mayRetry {
            state = .idle
        } else {
            state = .refusing(error, until: now + pause)
            pause = min(pause * 2, Self.longestPause)
        }
        outbox.removeAll()
        awaited = []
        (answeredCount, awaitedBytes, isSending, isProven) = (0, 0, false, false)
        return (purposes, mayRetry)
    }
}

extension RedisAddress {
    /// What a connection begins with: the answers must all be OK.
    var signIn: RedisCommands {
        var commands = RedisCommands()
        if let password {
            let names = user.map { [$0] } ?? []
            commands.append("AUTH", (names + [password]).map { Array($0.utf8) })
        }
        commands.append("SELECT", String(database))
        return commands
    }
}

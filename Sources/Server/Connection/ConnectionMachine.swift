import Values

/// One connection as a state machine: bytes and ticks of the clock go in, bytes to send and
/// whether to read or close come out. It does no I/O.
///
/// Requests are answered one at a time in their order; an answer that must be waited for, because
/// a server is asked for it, holds up those after it on this connection. While answers wait to be
/// taken by the client nothing more is read or answered, so that a client that does not read holds
/// one batch of answers and one read of requests, not more. Deadlines are absolute per phase:
/// sending a byte now and then does not extend them.
struct ConnectionMachine {
    /// Milliseconds on the loop's clock, which never goes back.
    typealias Instant = UInt64

    /// What the driver does next.
    enum Step: Equatable {
        /// Send what was put out, then call `sent`.
        case send
        /// Do nothing until what is being sent is taken.
        case wait
        /// Read on.
        case read
        /// Send the end of the stream, read on and throw away what comes.
        case linger
        /// Close at once.
        case close
    }

    private enum State: Equatable {
        case open
        /// Somebody is making the answer to a request.
        case awaiting(keepsAlive: Bool)
        case finishing, lingering, closed
    }

    private let limits: ServerLimits
    private var parser: HTTPRequestParser
    private var state = State.open
    private var isSending = false
    /// The answer that was awaited.
    private var lateAnswer: [UInt8]?
    private var hasEnded = false
    private var isDraining = false
    private var phase = HTTPRequestParser.Phase.idle
    private var deadline: Instant
    private var refusal: HTTPRefusal?

    init(limits: ServerLimits, at now: Instant) {
        self.limits = limits
        parser = HTTPRequestParser(limits: limits.http)
        deadline = now + limits.idleTime.milliseconds
    }

    /// Takes bytes that the client sent.
    mutating func received(_ bytes: some Collection<UInt8>) {
        if state == .open || isAwaiting { parser.append(bytes) }
    }

    /// The client will send no more.
    mutating func ended() {
        hasEnded = true
        if state == .lingering { state = .closed }
    }

    /// All that was put out has been taken.
    mutating func sent(at now: Instant) {
        isSending = false
        restart(at: now)
    }

    /// Takes the answer that was awaited.
    mutating func answered(_ answer: [UInt8]) {
        if isAwaiting { lateAnswer = answer }
    }

    /// The server is about to stop: what is under way is answered, then the connection ends.
    mutating func drain() { isDraining = true }

    /// Refuses what is late; the next `advance` acts on it.
    mutating func tick(at now: Instant) {
        // Who makes an answer has deadlines of his own.
        if now < deadline || isAwaiting && !isSending { return }
        guard state == .open, !isSending, parser.phase != .idle else {
            state = .closed
            return
        }
        let part = parser.phase == .head ? "head" : "body"
        refusal = HTTPRefusal(.requestTimeout, "the \(part) of the request did not come in time")
    }

    /// Answers what can be answered.
    ///
    /// - Parameters:
    ///   - now: the loop's clock.
    ///   - output: where the bytes to send are appended; empty before the call.
    ///   - answer: appends the answer to a request or a refusal; the flag tells whether the
    ///     connection stays open. When it returns false, `answered` follows.
    /// - Returns: what the driver does next.
    mutating func advance(
        at now: Instant, output: inout [UInt8],
        answer: (Result<HTTPRequest, HTTPRefusal>, Bool, inout [UInt8]) -> Bool
    ) -> Step {
        if !isSending {
            takeLateAnswer(&output)
            if state == .open { answerRequests(at: now, output: &output, answer: answer) }
        }
        if !output.isEmpty {
            isSending = true
            deadline = now + limits.sendTime.milliseconds
            return .send
        }
        if isSending { return state == .closed ? .close : .wait }
        return rest(at: now)
    }

    private var isAwaiting: Bool {
        guard case .awaiting = state else { return false }
        return true
    }

    private mutating func takeLateAnswer(_ output: inout [UInt8]) {
        guard case .awaiting(let keepsAlive) = state, let answer = lateAnswer else { return }
        output += answer
        lateAnswer = nil
        state = keepsAlive ? .open : .finishing
    }

    private mutating func answerRequests(
        at now: Instant, output: inout [UInt8],
        answer: (Result<HTTPRequest, HTTPRefusal>, Bool, inout [UInt8]) -> Bool
    ) {
        var hasAnswered = false
        while state == .open, output.count < limits.answerBatch {
            do throws(HTTPRefusal) {
                if let refusal { throw refusal }
                switch try parser.next() {
                case .awaitsContinue: output += "HTTP/1.1 100 Continue\r\n\r\n".utf8
                case .request(let request):
                    hasAnswered = true
                    let keepsAlive = request.keepsAlive && !isDraining
                    guard answer(.success(request), keepsAlive, &output) else {
                        state = .awaiting(keepsAlive: keepsAlive)
                        return
                    }
                    if !keepsAlive { state = .finishing }
                case nil:
                    guard hasEnded, parser.phase != .idle else {
                        if hasAnswered || parser.phase != phase { restart(at: now) }
                        return
                    }
                    throw HTTPRefusal(.badRequest, "the connection ended within a request")
                }
            } catch {
                _ = answer(.failure(error), false, &output)
                state = .finishing
            }
        }
    }

    /// What to do when nothing is to be sent.
    private mutating func rest(at now: Instant) -> Step {
        switch state {
        case .open:
            let isIdle = parser.phase == .idle
            if isIdle, hasEnded || isDraining { state = .closed }
            return state == .closed ? .close : .read
        case .awaiting:
            // What comes meanwhile is kept for later, within the bounds of what a client may send.
            return hasEnded || parser.unusedCount >= limits.answerBatch ? .wait : .read
        case .finishing:
            state = hasEnded ? .closed : .lingering
            deadline = now + limits.lingerTime.milliseconds
            return hasEnded ? .close : .linger
        case .lingering: return .read
        case .closed: return .close
        }
    }

    private mutating func restart(at now: Instant) {
        phase = parser.phase
        let time =
            switch phase {
            case .idle: limits.idleTime
            case .head: limits.headTime
            case .body: limits.bodyTime
            }
        deadline = now + time.milliseconds
    }
}

extension EventDuration {
    /// Whole milliseconds, at least 1.
    var milliseconds: UInt64 { UInt64(max(1, microseconds / 1000)) }
}

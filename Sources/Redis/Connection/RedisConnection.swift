// SAFETY: used by one caller at a time, to whom the pool lends it.
/// One connection to a server, signed in and with its database chosen.
///
/// Commands are sent in pipelines: `send` hands them over and `receive` waits for answers, so that
/// the next commands can be on their way meanwhile. Answers that come while sending are taken, so
/// neither side ever waits for the other to read. After an error that ends the connection it must
/// be thrown away.
public final class RedisConnection: @unchecked Sendable {
    /// How long the server may take.
    public struct Timeouts: Hashable, Sendable {
        /// To connect and sign in.
        public var connect: Duration = .seconds(5)
        /// To take commands or to answer them, counted anew with each byte that moves.
        public var answer: Duration = .seconds(10)

        /// 5 s to connect, 10 s to answer.
        public init() {}
    }

    /// The server.
    public let address: RedisAddress
    /// Whether an error has ended it.
    public private(set) var isBroken = false

    private let timeouts: Timeouts
    private var transport: Transport
    private let reader: RedisReader
    private var arrived: [RedisReply] = []
    /// Commands sent whose answers were not received.
    private var outstanding = 0

    /// Connects and signs in.
    ///
    /// - Throws: `disconnected`, `timeout`, `denied`; `protocolViolation` for what is no Redis.
    public init(
        _ address: RedisAddress, timeouts: Timeouts = Timeouts()
    ) throws(RedisError) {
        self.address = address
        self.timeouts = timeouts
        var hint = "see whether it runs there and may be reached from here"
        do throws(RedisError) {
            transport = try Transport.connected(
                to: address, until: .now + timeouts.connect)
            reader = try RedisReader()
            hint =
                address.tls == nil
                ? "if this port speaks TLS, write rediss://"
                : "if it wants a certificate of the client, give ?cert=FILE&key=FILE"
            try signIn()
        } catch {
            throw RedisError(
                error.code, "cannot use Redis at \(address): \(error.message)",
                hint: error.hint ?? hint)
        }
    }

    private func signIn() throws(RedisError) {
        for reply in try run(address.signIn) { try reply.confirm() }
    }

    /// Sends commands and waits for their answers.
    ///
    /// - Returns: one answer per command; errors of single commands are among them.
    public func run(_ commands: RedisCommands) throws(RedisError) -> [RedisReply] {
        try send(commands)
        return try receive(outstanding)
    }

    /// Sends one command and waits for its answer.
    ///
    /// - Throws: also what the server answers, if that is an error.
    public func run(_ words: String...) throws(RedisError) -> RedisReply {
        var commands = RedisCommands()
        commands.append(words[0], words.dropFirst().map { Array($0.utf8) })
        return try run(commands)[0].checked()
    }

    /// Sends commands without waiting for their answers.
    public func send(_ commands: RedisCommands) throws(RedisError) {
        outstanding += commands.count
        try guarded { () throws(RedisError) in
            try transport.hand(over: commands.bytes)
            while try !transport.flush() { try progress(orToSend: true) }
        }
    }

    /// Waits for the answers to the oldest `count` commands that were sent.
    public func receive(_ count: Int) throws(RedisError) -> [RedisReply] {
        precondition(count <= outstanding, "more answers are wanted than commands were sent")
        try guarded { () throws(RedisError) in
            while arrived.count < count { try progress(orToSend: false) }
        }
        outstanding -= count
        defer { arrived.removeFirst(count) }
        return Array(arrived.prefix(count))
    }

    /// Waits for the socket and takes what it has.
    private func progress(orToSend: Bool) throws(RedisError) {
        try transport.wait(orToSend: orToSend, until: .now + timeouts.answer)
        try transport.receive { bytes throws(RedisError) in try reader.feed(bytes) }
        while let reply = try reader.next() { arrived.append(reply) }
        guard arrived.count <= outstanding else {
            throw RedisError(
                .protocolViolation, "Redis sent an answer that nobody asked for: \(arrived)")
        }
    }

    /// Remembers an error after which answers could be taken for those of other commands.
    private func guarded(_ body: () throws(RedisError) -> Void) throws(RedisError) {
        precondition(!isBroken, "a broken connection is used")
        do throws(RedisError) {
            try body()
        } catch {
            isBroken = error.endsConnection
            throw error
        }
    }
}

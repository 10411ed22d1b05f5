/// Where a store lives in Redis: one server, or a cluster of them.
public protocol RedisDeployment: Sendable, CustomStringConvertible {
    /// How many hash tags keys are spread over: 1 where one server has all.
    var tagCount: UInt64 { get }

    /// Whether what was written can be lost by the death of one server although the deployment
    /// goes on.
    var failsOver: Bool { get }

    /// Runs commands that may be run twice, and answers in their order. Those about one tag are
    /// done in their order.
    func run(_ commands: KeyedCommands) throws(RedisError) -> [RedisReply]

    /// Lends a connection to the server that has `key`: for transactions.
    ///
    /// - Throws: `moved` when another server has it by now; what `body` throws.
    func withServer<Result>(
        of key: [UInt8], _ body: (RedisConnection) throws(RedisError) -> Result
    ) throws(RedisError) -> Result

    /// The servers that hold keys.
    func servers() throws(RedisError) -> [RedisPool]

    /// The server that has the keys of `slot`.
    func server(ofSlot slot: Int) throws(RedisError) -> RedisPool
}

extension RedisPool: RedisDeployment {
    /// One server has all keys.
    public var tagCount: UInt64 { 1 }

    /// Nobody takes its place.
    public var failsOver: Bool { false }

    /// Runs commands; see `RedisDeployment`.
    public func run(_ commands: KeyedCommands) throws(RedisError) -> [RedisReply] {
        try reading { connection throws(RedisError) in try connection.run(commands.commands) }
    }

    /// Lends a connection to the server, whatever the key is.
    public func withServer<Result>(
        of key: [UInt8], _ body: (RedisConnection) throws(RedisError) -> Result
    ) throws(RedisError) -> Result { try withConnection(body) }

    /// The server alone.
    public func servers() -> [RedisPool] { [self] }

    /// The server, whatever the slot is.
    public func server(ofSlot slot: Int) -> RedisPool { self }

    /// The server's address.
    public var description: String { address.description }
}

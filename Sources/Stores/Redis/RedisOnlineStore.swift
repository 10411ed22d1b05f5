import Glibc
public import Redis
import Synchronization
import Values

// What stands in the server, beside the states (see StoreKey):
//
//   r1m:{0}:next         the number of the last generation
//   r1m:{0}:live:<view>  the record of the live generation: the one pointer
//   r1m:{0}:doomed       a hash: the numbers of generations that are being built or were replaced,
//                        whose states whoever writes next removes
//   r1m:{0}:writer       who may write: a random token, with a time after which it is free again

/// An online store in a Redis server, or in a cluster of them.
public final class RedisOnlineStore: OnlineStore {
    /// The server, or any server of the cluster.
    public let address: RedisAddress
    let deployment: any RedisDeployment
    let keys: StoreKey
    private let live = Mutex<[String: Generation]>([:])

    /// Connects to what is at `address` and looks whether features are safe there.
    ///
    /// - Throws: `unavailable` when it cannot be reached, `denied` for a wrong password,
    ///   `unsafeSetup` when it throws data away, is too old, or its clock is wrong.
    public init(
        _ address: RedisAddress, timeouts: RedisConnection.Timeouts = .init()
    ) throws(StoreError) {
        self.address = address
        deployment = try Self.storeErrors { () throws(RedisError) in
            try address.deployment(timeouts: timeouts)
        }
        keys = StoreKey(slots: deployment.tagCount)
        try requireSafety(isWriting: false)
    }

    /// Connects to what is at an address in text; see `RedisAddress`.
    public convenience init(parsing text: String) throws(StoreError) {
        let address = try Self.storeErrors { () throws(RedisError) in
            try RedisAddress(parsing: text)
        }
        try self.init(address)
    }

    /// The live generation of `view`, or nil when it has none.
    public func liveGeneration(view: String) throws(StoreError) -> Generation? {
        try read([StoreRequest(view: view, keys: [])])[0].generation
    }

    /// Reads states of several views, and again each time that a view's generation was replaced
    /// meanwhile.
    public func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer] {
        var read = RedisRead(
            requests, known: live.withLock(\.self), keys, isInOrder: deployment.tagCount == 1)
        var step = RedisRead.Step.run(read.start())
        while true {
            guard case .run(let commands) = step else { break }
            step = try read.take(run(commands))
        }
        live.withLock { live in
            for (view, generation) in zip(read.views, read.generations) { live[view] = generation }
        }
        guard case .done(let answers) = step else { return [] }
        return answers
    }

    /// Starts a generation and removes what abandoned ones left.
    public func beginGeneration(_ plan: GenerationPlan) throws(StoreError) -> any GenerationWriter {
        try requireSafety(isWriting: true)
        return try RedisGenerationWriter(plan, store: self)
    }

    /// Refuses servers that features are not safe on.
    private func requireSafety(isWriting: Bool) throws(StoreError) {
        try Self.storeErrors { () throws(RedisError) in
            for server in try deployment.servers() {
                let report = try server.reading { connection throws(RedisError) in
                    try RedisServerReport(asking: connection)
                }
                let objections = report.objections(now: Self.now(), isWriting: isWriting)
                if let objection = objections.first { throw objection }
            }
        }
    }

    private func run(_ commands: KeyedCommands) throws(StoreError) -> [RedisReply] {
        try Self.storeErrors { () throws(RedisError) in try deployment.run(commands) }
    }

    /// Runs `body` and says its failure in the words of stores.
    static func storeErrors<Result>(
        _ body: () throws(RedisError) -> Result
    ) throws(StoreError) -> Result {
        do throws(RedisError) {
            return try body()
        } catch {
            throw StoreError(error)
        }
    }

    /// This machine's clock, microseconds since the Unix epoch.
    private static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

extension RedisReply {
    /// The strings of an array of `count`, nil where there is none.
    func optionalStrings(_ count: Int) throws(RedisError) -> [[UInt8]?] {
        var strings: [[UInt8]?] = []
        strings.reserveCapacity(count)
        for element in try elements(count) { strings.append(try element.optionalBytes()) }
        return strings
    }
}

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
//
// Reading asks for the states of the generation that was live last, and *after* them for the
// pointers; on one server that is one round trip. A generation never comes back, and its states are
// removed only after the pointer has moved; so if the pointer still names it then, the states read
// before were whole.

/// An online store in a Redis server, or in a cluster of them.
public final class RedisOnlineStore: OnlineStore {
    let deployment: any RedisDeployment
    let keys: StoreKey
    private let live = Mutex<[String: Generation]>([:])

    /// How often a reader follows a moving pointer before it gives up.
    private static let attempts = 8

    /// Connects to what is at `address` and looks whether features are safe there.
    ///
    /// - Throws: `unavailable` when it cannot be reached, `denied` for a wrong password,
    ///   `unsafeSetup` when it throws data away, is too old, or its clock is wrong.
    public init(
        _ address: RedisAddress, timeouts: RedisConnection.Timeouts = .init()
    ) throws(StoreError) {
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
        var commands = KeyedCommands()
        commands.appendPointers(of: [view])
        return try generations(in: run(commands)[0], of: 1)[0]
    }

    /// Reads states of several views, and again each time that a view's generation was replaced
    /// meanwhile.
    public func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer] {
        var views: [String] = []
        for request in requests where !views.contains(request.view) { views.append(request.view) }
        var known = live.withLock { live in views.map { live[$0] } }
        for _ in 0..<Self.attempts {
            let plan = RedisReadPlan(requests, views: views, generations: known, keys)
            var replies: [RedisReply] = []
            for commands in plan.steps(inOrder: deployment.tagCount == 1) {
                replies += try run(commands)
            }
            let found = try generations(in: replies.removeLast(), of: views.count)
            if found == known { return try plan.answers(replies) }
            known = found
            live.withLock { live in
                for (view, generation) in zip(views, found) { live[view] = generation }
            }
        }
        throw StoreError(
            .busy, "the views \(views.joined(separator: ", ")) are replaced again and again",
            hint: "try again; see who materializes so often")
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

    private func generations(
        in pointers: RedisReply, of count: Int
    ) throws(StoreError) -> [Generation?] {
        let records = try Self.storeErrors { () throws(RedisError) in
            try pointers.optionalStrings(count)
        }
        var generations: [Generation?] = []
        for record in records {
            guard let record else {
                generations.append(nil)
                continue
            }
            generations.append(try Generation(encoded: record))
        }
        return generations
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

extension KeyedCommands {
    /// Asks for the live generations of `views`.
    mutating func appendPointers(of views: [String]) {
        append("MGET", about: RedisMetaKey.next, views.map(RedisMetaKey.live))
    }
}

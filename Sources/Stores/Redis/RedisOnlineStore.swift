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
// Reading takes one round trip: the states of the generation that was live last, and *after* them
// the pointers. A generation never comes back, and its states are removed only after the pointer
// has moved; so if the pointer still names it then, the states read before were whole.

/// An online store in a Redis server.
public final class RedisOnlineStore: OnlineStore {
    let pool: RedisPool
    let keys = StoreKey()
    private let live = Mutex<[String: Generation]>([:])

    /// How many keys one command asks for: few enough that others need not wait.
    private static let greatestKeyCount = 1000
    /// How often a reader follows a moving pointer before it gives up.
    private static let attempts = 8

    /// Connects to the server at `address` and looks whether features are safe there.
    ///
    /// - Throws: `unavailable` when it cannot be reached, `denied` for a wrong password, `unsafe`
    ///   when it throws data away, is too old, or its clock is wrong.
    public init(
        _ address: RedisAddress, timeouts: RedisConnection.Timeouts = .init()
    ) throws(StoreError) {
        pool = RedisPool(address, timeouts: timeouts)
        try Self.storeErrors { () throws(RedisError) in
            let report = try pool.reading { connection throws(RedisError) in
                try RedisServerReport(asking: connection)
            }
            if let objection = report.objections(now: Self.now(), isWriting: false).first {
                throw objection
            }
        }
    }

    /// The live generation of `view`, or nil when it has none.
    public func liveGeneration(view: String) throws(StoreError) -> Generation? {
        let records = try Self.storeErrors { () throws(RedisError) in
            try pool.reading { connection throws(RedisError) in
                try Self.pointers(of: [view], connection)
            }
        }
        return try records[0].map { record throws(StoreError) in
            try Generation(encoded: record)
        }
    }

    /// Reads states of several views in one round trip, and in another one for each time that a
    /// view's generation was replaced meanwhile.
    public func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer] {
        var views: [String] = []
        for request in requests where !views.contains(request.view) { views.append(request.view) }
        var generations = live.withLock { live in views.map { live[$0] } }
        for _ in 0..<Self.attempts {
            let plan = ReadPlan(requests, views, generations, keys)
            let answer = try Self.storeErrors { () throws(RedisError) in
                try pool.reading { connection throws(RedisError) in
                    try plan.run(connection)
                }
            }
            var found: [Generation?] = []
            for record in answer.pointers {
                found.append(
                    try record.map { record throws(StoreError) in
                        try Generation(encoded: record)
                    })
            }
            if found == generations { return plan.answers(answer.states) }
            generations = found
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
        try RedisGenerationWriter(plan, store: self)
    }

    static func pointers(
        of views: [String], _ connection: RedisConnection
    ) throws(RedisError) -> [[UInt8]?] {
        var commands = RedisCommands()
        commands.append("MGET", views.map(RedisMetaKey.live))
        return try connection.run(commands)[0].strings(views.count)
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
    static func now() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    /// One round trip: the keys of all states wanted, and the pointers after them.
    private struct ReadPlan {
        let requests: [StoreRequest]
        let views: [String]
        let generations: [Generation?]
        /// The keys to ask for, in the order of the requests; none for rows without an entity.
        let stateKeys: [[UInt8]]

        init(
            _ requests: [StoreRequest], _ views: [String], _ generations: [Generation?],
            _ keys: StoreKey
        ) {
            self.requests = requests
            self.views = views
            self.generations = generations
            var stateKeys: [[UInt8]] = []
            for request in requests {
                guard let index = views.firstIndex(of: request.view),
                    let generation = generations[index]
                else { continue }
                for case let key? in request.keys {
                    stateKeys.append(keys.bytes(generation: generation.id, entity: key.bytes))
                }
            }
            self.stateKeys = stateKeys
        }

        func run(
            _ connection: RedisConnection
        ) throws(RedisError) -> (states: [[UInt8]?], pointers: [[UInt8]?]) {
            var commands = RedisCommands()
            for start in stride(from: 0, to: stateKeys.count, by: greatestKeyCount) {
                commands.append("MGET", Array(stateKeys[start...].prefix(greatestKeyCount)))
            }
            commands.append("MGET", views.map(RedisMetaKey.live))
            var replies = try connection.run(commands)
            let pointers = try replies.removeLast().strings(views.count)
            var states: [[UInt8]?] = []
            for reply in replies {
                states += try reply.strings(min(greatestKeyCount, stateKeys.count - states.count))
            }
            return (states, pointers)
        }

        /// Deals the states to the rows that asked for them.
        func answers(_ states: [[UInt8]?]) -> [StoreAnswer] {
            var rest = states[...]
            return requests.map { request in
                let generation = views.firstIndex(of: request.view).flatMap { generations[$0] }
                let values = request.keys.map { key in
                    key == nil || generation == nil ? nil : rest.removeFirst()
                }
                return StoreAnswer(generation: generation, values: values)
            }
        }
    }
}

extension RedisReply {
    /// The strings of an array of `count`, nil where there is none.
    fileprivate func strings(_ count: Int) throws(RedisError) -> [[UInt8]?] {
        var strings: [[UInt8]?] = []
        strings.reserveCapacity(count)
        for element in try elements(count) { strings.append(try element.optionalBytes()) }
        return strings
    }
}

extension Optional where Wrapped == [UInt8] {
    fileprivate func map<Result>(
        _ body: ([UInt8]) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        guard let self else { return nil }
        return try body(self)
    }
}

/// The keys of what is no state. Their first word keeps them apart from states.
enum RedisMetaKey {
    static let next = Array("r1m:{0}:next".utf8)
    static let doomed = Array("r1m:{0}:doomed".utf8)
    static let writer = Array("r1m:{0}:writer".utf8)

    static func live(_ view: String) -> [UInt8] { Array("r1m:{0}:live:\(view)".utf8) }
}

extension StoreError {
    /// The failure of a Redis server, in the words of stores.
    init(_ error: RedisError) {
        let code: StoreError.Code =
            switch error.code {
            case .full: .full
            case .denied: .denied
            case .unsafeSetup: .unsafeSetup
            case .disconnected, .timeout, .notReady: .unavailable
            case .protocolViolation: .corrupt
            default: .failure
            }
        self.init(code, error.message, hint: error.hint)
    }
}

import Glibc
public import Redis
import Synchronization
import Values

// What stands in the server, beside the states (see StoreKey):
//
//   r1m:{0}:next         the number of the last generation
//   r1m:{0}:live:<view>  the record of the live generation: the one pointer
//   r1m:{0}:written:<view>  the record of the area of states that were written one by one
//   r1m:{0}:stream:<view>  the record of what is streamed into the view
//   r1m:{0}:doomed       a hash: the numbers of generations that are being built or were replaced,
//                        and their views; whoever writes next removes their states, unless a pointer
//                        or a record of the view names them
//   r1m:{0}:writer       who may write: a random token, with a time after which it is free again
//   r1m:{0}:project      the name of the project whose features these are
//   r1c:{0}:<generation>:<partition>  a checkpoint of a stream; no bytes when it was taken away

/// An online store in a Redis server, or in a cluster of them.
public final class RedisOnlineStore: OnlineStore {
    /// The server, or any server of the cluster.
    public let address: RedisAddress
    let deployment: any RedisDeployment
    let keys: StoreKey
    /// The project whose features these are, if the caller said it.
    let project: String?
    private let live = Mutex<[StoreArea: LivePointer]>([:])
    /// Where committers keep states.
    let roomForStates = KeptStates.Room()
    /// Whether it was seen that streams can write to it.
    let isFitForStreams = Atomic(false)

    /// Connects to what is at `address` and looks whether features are safe there.
    ///
    /// - Parameters:
    ///   - address: the server, or one of a cluster.
    ///   - project: whose features are read and written; nil for a caller that does not mind.
    ///   - timeouts: how long a server may take.
    /// - Throws: `unavailable` when it cannot be reached, `denied` for a wrong password,
    ///   `unsafeSetup` when it throws data away, is too old, its clock is wrong, or it has the
    ///   features of another project.
    public init(
        _ address: RedisAddress, project: String? = nil,
        timeouts: RedisConnection.Timeouts = .init()
    ) throws(StoreError) {
        self.address = address
        self.project = project
        deployment = try Self.storeErrors { () throws(RedisError) in
            try address.deployment(timeouts: timeouts)
        }
        keys = StoreKey(slots: deployment.tagCount)
        try requireSafety(isWriting: false)
        _ = try hasOwner()
    }

    /// Connects to what is at an address in text; see `RedisAddress`.
    public convenience init(parsing text: String, project: String? = nil) throws(StoreError) {
        let address = try Self.storeErrors { () throws(RedisError) in
            try RedisAddress(parsing: text)
        }
        try self.init(address, project: project)
    }

    /// The live generation of `view`, or nil when it has none.
    public func liveGeneration(view: String) throws(StoreError) -> Generation? {
        // Who writes must see the pointer also where it was never to be again.
        let request = StoreRequest(view: view, keys: [])
        return try answers([request], knowing: [:]) { _ in }[0].generation
    }

    /// Reads states of several views, and again each time that a view's generation was replaced
    /// meanwhile.
    public func read(_ requests: [StoreRequest]) throws(StoreError) -> [StoreAnswer] {
        try answers(requests, knowing: live.withLock(\.self)) { read in
            live.withLock { live in read.tell(&live) }
        }
    }

    private func answers(
        _ requests: [StoreRequest], knowing known: [StoreArea: LivePointer],
        _ remember: (RedisRead) -> Void
    ) throws(StoreError) -> [StoreAnswer] {
        var read = RedisRead(requests, known: known, keys, isInOrder: deployment.tagCount == 1)
        var commands = read.start()
        while true {
            do throws(StoreError) {
                switch try read.take(run(commands)) {
                case .done(let answers): return answers
                case .run(let next): commands = next
                }
            } catch {
                remember(read)
                throw error
            }
            remember(read)
        }
    }

    /// Whether the store is marked as this project's.
    ///
    /// - Throws: `unsafeSetup` when it is marked as another's.
    func hasOwner() throws(StoreError) -> Bool {
        var commands = KeyedCommands()
        commands.append("GET", about: RedisMetaKey.project, [RedisMetaKey.project])
        let reply = try run(commands)[0]
        let name = try Self.storeErrors { () throws(RedisError) in try reply.optionalBytes() }
        guard let name else { return false }
        guard let project, Array(project.utf8) != name else { return true }
        throw StoreError(
            .unsafeSetup,
            "\(deployment) has the features of project '\(String(decoding: name, as: UTF8.self))', "
                + "not of '\(project)'",
            hint: "give each project a database of its own, such as redis://HOST:PORT/1")
    }

    /// Starts a generation and removes what abandoned ones left.
    public func beginGeneration(_ plan: GenerationPlan) throws(StoreError) -> any GenerationWriter {
        try requireSafety(isWriting: true)
        return try RedisGenerationWriter(plan, store: self)
    }

    /// Refuses servers that features are not safe on.
    func requireSafety(isWriting: Bool) throws(StoreError) {
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

    /// Generations that were replaced or abandoned.
    var doomed: DoomedGenerations { DoomedGenerations(deployment, keys) }

    func run(_ commands: KeyedCommands) throws(StoreError) -> [RedisReply] {
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
    static func now() -> Int64 {
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

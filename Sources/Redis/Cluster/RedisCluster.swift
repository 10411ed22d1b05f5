import Glibc
import Synchronization

/// A Redis Cluster: the masters that have the keys, found again when they change.
///
/// Commands that may be run twice follow keys that move (MOVED, ASK) and wait for a failover, up to
/// `patience`. Transactions do not: whoever runs one is told that the key moved and begins anew.
public final class RedisCluster: RedisDeployment {
    /// The address it was found by.
    public let address: RedisAddress
    /// Keys are spread over this many tags; a read of k entities is at most so many commands.
    public let tagCount: UInt64 = 64
    /// A replica takes the place of a dead master, and may lack its last writes.
    public let failsOver = true

    private static let shortestPause: Duration = .milliseconds(10)
    private static let longestPause: Duration = .milliseconds(300)

    private let timeouts: RedisConnection.Timeouts
    private let patience: Duration
    private let state = Mutex(State())

    private struct State {
        var map = ClusterMap()
        var pools: [RedisAddress.Place: RedisPool] = [:]
    }

    /// Asks the server at `address` for its cluster.
    ///
    /// - Parameters:
    ///   - address: any server of the cluster; user, password and TLS hold for all of them.
    ///   - timeouts: how long one server may take.
    ///   - patience: how long to wait for keys that nobody has, as during a failover.
    /// - Throws: why it cannot be asked.
    public init(
        _ address: RedisAddress, timeouts: RedisConnection.Timeouts = .init(),
        patience: Duration = .seconds(15)
    ) throws(RedisError) {
        self.address = address
        self.timeouts = timeouts
        self.patience = patience
        try refresh()
    }

    /// The address it was found by.
    public var description: String { "\(address) (cluster)" }

    /// Runs commands; see `RedisDeployment`.
    public func run(_ commands: KeyedCommands) throws(RedisError) -> [RedisReply] {
        var replies = [RedisReply](repeating: .null, count: commands.count)
        var rest = Array(0..<commands.count)
        var pause = Self.shortestPause
        let deadline = ContinuousClock.now + patience
        while true {
            let (left, failure) = round(commands, rest, &replies)
            if left.isEmpty { return replies }
            rest = left
            guard ContinuousClock.now < deadline else {
                throw failure
                    ?? RedisError(
                        .notReady, "the cluster of \(address) has no server for some keys",
                        hint: "look at 'redis-cli cluster info' there")
            }
            usleep(UInt32(pause.components.attoseconds / 1_000_000_000_000))
            pause = min(pause * 2, Self.longestPause)
            try? refresh()
        }
    }

    /// Lends a connection to the master that has `key`; see `RedisDeployment`.
    public func withServer<Result>(
        of key: [UInt8], _ body: (RedisConnection) throws(RedisError) -> Result
    ) throws(RedisError) -> Result {
        let server = try server(ofSlot: HashSlot.of(key))
        do throws(RedisError) {
            return try server.withConnection(body)
        } catch {
            if [.moved, .disconnected, .notReady].contains(error.code) { try? refresh() }
            throw error
        }
    }

    /// All masters.
    public func servers() throws(RedisError) -> [RedisPool] {
        try refresh()
        return state.withLock { state in state.map.masters.compactMap { state.pools[$0] } }
    }

    /// The master of a slot.
    public func server(ofSlot slot: Int) throws(RedisError) -> RedisPool {
        let pool = state.withLock { state in
            state.map.master(of: slot).flatMap { state.pools[$0] }
        }
        guard let pool else {
            throw RedisError(.notReady, "no server of the cluster has slot \(slot)")
        }
        return pool
    }

    /// Sends the commands `wanted` to their servers, all servers at a time, and takes the answers.
    ///
    /// - Returns: the commands that must be tried again, and why.
    private func round(
        _ commands: KeyedCommands, _ wanted: [Int], _ replies: inout [RedisReply]
    ) -> (left: [Int], failure: RedisError?) {
        var left: [Int] = []
        var failure: RedisError?
        var parts: [(pool: RedisPool, connection: RedisConnection, indices: [Int])] = []
        let groups = Dictionary(grouping: wanted) { index in
            (try? server(ofSlot: commands.slots[index]))?.address
        }
        for (address, indices) in groups {
            do throws(RedisError) {
                guard address != nil else {
                    left += indices
                    continue
                }
                let pool = try server(ofSlot: commands.slots[indices[0]])
                let connection = try pool.take()
                var own = RedisCommands()
                for index in indices { own.append(index, of: commands.commands) }
                try connection.send(own)
                parts.append((pool, connection, indices))
            } catch {
                left += indices
                failure = error
            }
        }
        for part in parts {
            do throws(RedisError) {
                let answers = try part.connection.receive(part.indices.count)
                part.pool.give(part.connection)
                for (index, answer) in zip(part.indices, answers) {
                    let final = try followed(answer, commands, index)
                    if final.isRedirection { left.append(index) } else { replies[index] = final }
                }
            } catch {
                left += part.indices
                failure = error
            }
        }
        return (left.sorted(), failure)
    }

    /// Asks the server that a slot is moving to, if the answer says so.
    private func followed(
        _ answer: RedisReply, _ commands: KeyedCommands, _ index: Int
    ) throws(RedisError) -> RedisReply {
        guard let place = answer.askedPlace(besides: address.place) else { return answer }
        return try pool(at: place).withConnection { connection throws(RedisError) in
            var asking = RedisCommands()
            asking.append("ASKING")
            asking.append(index, of: commands.commands)
            return try connection.run(asking)[1]
        }
    }

    /// Learns who has which slots from the first server that answers.
    private func refresh() throws(RedisError) {
        let known = state.withLock { $0.map.masters }
        var failure: RedisError?
        for place in known + [address.place] {
            do throws(RedisError) {
                let map = try pool(at: place).reading { connection throws(RedisError) in
                    try ClusterMap(
                        connection.run("CLUSTER", "SLOTS"), askedAt: place.hostName)
                }
                for master in map.masters { _ = pool(at: master) }
                state.withLock { $0.map = map }
                return
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func pool(at place: RedisAddress.Place) -> RedisPool {
        state.withLock { state in
            if let pool = state.pools[place] { return pool }
            var address = address
            address.place = place
            let pool = RedisPool(address, timeouts: timeouts)
            state.pools[place] = pool
            return pool
        }
    }
}

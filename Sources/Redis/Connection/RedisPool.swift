import Synchronization

/// Connections to one server, lent to one caller at a time and kept for the next.
///
/// When the server cannot be reached, callers are refused at once until a pause is over, which
/// doubles with each failure up to 2 s: a server that comes back is not met by a crowd, and nobody
/// waits for one that is gone.
public final class RedisPool: Sendable {
    /// The server.
    public let address: RedisAddress

    private static let longestPause: Duration = .seconds(2)
    private static let shortestPause: Duration = .milliseconds(20)

    private let timeouts: RedisConnection.Timeouts
    private let greatestIdleCount: Int
    private let state = Mutex(State())

    private struct State {
        var idle: [RedisConnection] = []
        var pause = RedisPool.shortestPause
        var refusal: (error: RedisError, until: ContinuousClock.Instant)?
    }

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - address: the server.
    ///   - timeouts: how long it may take.
    ///   - greatestIdleCount: how many connections are kept that nobody uses.
    public init(
        _ address: RedisAddress, timeouts: RedisConnection.Timeouts = .init(),
        greatestIdleCount: Int = 16
    ) {
        self.address = address
        self.timeouts = timeouts
        self.greatestIdleCount = greatestIdleCount
    }

    /// Lends a connection to `body`; it is closed if that fails, for nobody knows then what
    /// the server still holds for it.
    ///
    /// - Throws: what `body` throws, or why there is no connection.
    public func withConnection<Result>(
        _ body: (RedisConnection) throws(RedisError) -> Result
    ) throws(RedisError) -> Result {
        let connection = try take()
        let result = try body(connection)
        give(connection)
        return result
    }

    /// Lends a connection to `body`, which may be run twice: again when a kept connection turns
    /// out to be broken. Only for what may be done twice, such as reading.
    public func reading<Result>(
        _ body: (RedisConnection) throws(RedisError) -> Result
    ) throws(RedisError) -> Result {
        if let kept = state.withLock({ $0.idle.popLast() }) {
            do throws(RedisError) {
                let result = try body(kept)
                give(kept)
                return result
            } catch  where error.code == .disconnected {
                // The server closed it while nobody used it, or was started anew.
            }
        }
        let connection = try connected()
        let result = try body(connection)
        give(connection)
        return result
    }

    /// A connection that the caller gives back with `give`, or lets go.
    func take() throws(RedisError) -> RedisConnection {
        let kept = state.withLock { $0.idle.popLast() }
        if let kept { return kept }
        return try connected()
    }

    /// Keeps a connection on which nothing is under way for the next caller.
    func give(_ connection: RedisConnection) {
        if connection.isBroken { return }
        state.withLock { state in
            if state.idle.count < greatestIdleCount { state.idle.append(connection) }
        }
    }

    private func connected() throws(RedisError) -> RedisConnection {
        if let refusal = state.withLock({ $0.refusal }), ContinuousClock.now < refusal.until {
            throw refusal.error
        }
        do throws(RedisError) {
            let connection = try RedisConnection(address, timeouts: timeouts)
            state.withLock { state in
                state.refusal = nil
                state.pause = Self.shortestPause
            }
            return connection
        } catch {
            state.withLock { state in
                state.idle = []
                state.refusal = (error, .now + state.pause)
                state.pause = min(state.pause * 2, Self.longestPause)
            }
            throw error
        }
    }
}

import Redis
import Stores

/// What a loop reads states through: stores on the spot, servers by connections of its own.
final class LoopStores {
    /// The memory that all connections of the loop read into.
    let input = ReadBuffer()
    private let loop: UVLoop
    private let limits: ServerLimits
    private var client: (store: RedisOnlineStore, client: RedisClient)?
    /// Clients of a store that was replaced, which still owe answers.
    private var leaving: [RedisClient] = []

    init(on loop: UVLoop, limits: ServerLimits) {
        self.loop = loop
        self.limits = limits
    }

    /// Reads states.
    ///
    /// - Parameters:
    ///   - requests: what is wanted.
    ///   - store: where; nil when nothing is wanted.
    ///   - later: gets the answer when the store must be waited for: once, on the loop's thread,
    ///     after this call.
    /// - Returns: the answer, or nil when `later` gets it.
    func read(
        _ requests: [StoreRequest], of store: ServedStore?,
        _ later: @escaping (Result<[StoreAnswer], StoreError>) -> Void
    ) -> Result<[StoreAnswer], StoreError>? {
        switch store {
        case nil: return .success([])
        case .local(let store):
            do throws(StoreError) {
                return .success(try store.read(requests))
            } catch {
                return .failure(error)
            }
        case .redis(let store):
            client(of: store).read(requests, later)
            return nil
        }
    }

    /// Looks what is late.
    func tick() {
        client?.client.tick()
        for client in leaving { client.tick() }
        for client in leaving where !client.isBusy { client.close() }
        leaving.removeAll { !$0.isBusy }
    }

    /// Closes all connections; who waits gets no answer.
    func close() {
        client?.client.close()
        client = nil
        for client in leaving { client.close() }
        leaving = []
    }

    private func client(of store: RedisOnlineStore) -> RedisClient {
        if let client, client.store === store { return client.client }
        if let client { leaving.append(client.client) }
        var limits = RedisExchange.Limits()
        limits.answerTime = self.limits.storeTime.milliseconds
        limits.connectTime = limits.answerTime
        limits.silence = 3 * limits.answerTime
        limits.questions = self.limits.storeRequests
        let client = RedisClient(
            RedisReads(of: store, limits: limits), on: loop, into: input)
        self.client = (store, client)
        return client
    }
}

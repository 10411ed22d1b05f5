import CRdKafka
import Synchronization

/// What librdkafka tells of itself: from whichever thread, kept until the owner asks.
final class RDKafkaInbox: Sendable {
    private struct State {
        var rebalances: [Rebalance] = []
        var fatal: KafkaError?
        var losses = 0
        var loss: KafkaError?
    }

    /// What the group decided.
    enum Rebalance: Hashable {
        case assigned([TopicPartition])
        case revoked([TopicPartition])
    }

    private let state = Mutex(State())

    /// The inbox that was given to the library as its `opaque`.
    static func at(_ opaque: UnsafeMutableRawPointer?) -> RDKafkaInbox? {
        unsafe opaque.map { unsafe Unmanaged<RDKafkaInbox>.fromOpaque($0).takeUnretainedValue() }
    }

    /// What made the client useless, if anything did.
    var fatal: KafkaError? { state.withLock { $0.fatal } }

    /// How many rows were not taken, and why the last of them.
    var loss: (count: Int, reason: KafkaError)? {
        state.withLock { state in state.loss.map { (state.losses, $0) } }
    }

    /// Whether the group has decided something that nobody has heard of.
    var hasRebalance: Bool { state.withLock { !$0.rebalances.isEmpty } }

    /// The oldest decision of the group that nobody has heard of.
    func nextRebalance() -> Rebalance? {
        state.withLock { $0.rebalances.isEmpty ? nil : $0.rebalances.removeFirst() }
    }

    func noteError(_ failure: rd_kafka_resp_err_t, _ text: String) {
        guard failure == RD_KAFKA_RESP_ERR__FATAL else { return }
        state.withLock { $0.fatal = KafkaError(failure, text) }
    }

    func noteLoss(_ failure: rd_kafka_resp_err_t) {
        state.withLock { state in
            state.losses += 1
            state.loss = KafkaError(failure, "a row was not taken")
        }
    }

    /// Partitions that are given wait for `KafkaConsumer.start`; those that are taken away are
    /// given up at once: what is under way is stopped by its checkpoint.
    func noteRebalance(
        _ client: OpaquePointer?, _ kind: rd_kafka_resp_err_t,
        _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        let list = unsafe RDKafkaPartitions.read(partitions).map(\.key).sorted()
        let isAssigned = kind == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS
        state.withLock { $0.rebalances.append(isAssigned ? .assigned(list) : .revoked(list)) }
        if !isAssigned { unsafe rd_kafka_assign(client, nil) }
    }
}

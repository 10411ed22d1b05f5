import Dispatch
import Synchronization

/// Work of a loop's requests that may block, done beside the loop, one after the other per queue.
final class LoopTasks {
    /// What is done in its turn.
    enum Queue {
        /// Writes of single rows.
        case writes
        /// Whole materializations.
        case materializations
    }

    private typealias Outcome = Result<Void, ServiceError>

    /// Tasks of a loop that wait or are done; one more is refused.
    private static let greatestCount = 64

    private let signal = LoopSignal()
    private let writes = DispatchQueue(label: "roost.writes")
    private let materializations = DispatchQueue(label: "roost.materializations")
    private let done = Done()
    private var waiting: [Int: (Result<Void, ServiceError>) -> Void] = [:]
    private var lastNumber = 0

    /// What the queues have done, for the loop.
    private final class Done: Sendable {
        let outcomes = Mutex<[(number: Int, outcome: Outcome)]>([])
    }

    init(on loop: UVLoop) throws(ServerError) {
        try signal.open(on: loop)
        signal.onWake { [unowned self] in hear() }
    }

    /// Does `task` beside the loop.
    ///
    /// - Parameters:
    ///   - task: what to do.
    ///   - queue: after what.
    ///   - then: hears of its end, on the loop's thread, after this call.
    /// - Throws: `unavailable` when too much is waiting.
    func run(
        _ task: ServiceTask, on queue: Queue,
        _ then: @escaping (Result<Void, ServiceError>) -> Void
    ) throws(ServiceError) {
        guard waiting.count < Self.greatestCount else {
            throw ServiceError(
                .unavailable, "\(waiting.count) writes are waiting; send this one again in a moment"
            )
        }
        lastNumber += 1
        waiting[lastNumber] = then
        let (number, done, signal) = (lastNumber, done, signal)
        let work: @Sendable () -> Void = {
            let outcome = task.run()
            done.outcomes.withLock { $0.append((number, outcome)) }
            signal.send()
        }
        switch queue {
        case .writes: writes.async(execute: work)
        case .materializations: materializations.async(execute: work)
        }
    }

    /// Leaves the loop; work that has begun is done, and nobody hears of it.
    func close() {
        waiting = [:]
        signal.close()
    }

    private func hear() {
        let outcomes = done.outcomes.withLock { outcomes in
            defer { outcomes = [] }
            return outcomes
        }
        for (number, outcome) in outcomes { waiting.removeValue(forKey: number)?(outcome) }
    }
}

import Dispatch
import Synchronization

/// Runs `count` independent tasks on at most `workers` threads and returns their results in task
/// order, whatever order they ended in.
///
/// The one place where workers write shared memory: task `i` writes slot `i` and nothing else.
/// When tasks fail, the error of the lowest task that failed is thrown, so that the error does
/// not depend on the number of workers either; tasks not yet started by then are skipped.
///
/// - Parameters:
///   - count: how many tasks there are.
///   - workers: how many may run at a time; at least 1.
///   - task: called once per index on some thread of Dispatch's pool.
/// - Returns: the results, in the order of the tasks.
/// - Throws: what the first failing task (by index) threw.
public func concurrentMap<Result: Sendable, Failure: Error>(
    count: Int, workers: Int, _ task: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
    precondition(count >= 0 && workers >= 1, "at least one worker is needed")
    let slots = WorkerSlots<Swift.Result<Result, Failure>>(count: count)
    let next = Atomic<Int>(0)
    let failed = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
        while !failed.load(ordering: .relaxed) {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let result = Swift.Result { () throws(Failure) -> Result in try task(index) }
            if case .failure = result { failed.store(true, ordering: .relaxed) }
            slots.set(result, at: index)
        }
    }
    var results: [Result] = []
    results.reserveCapacity(count)
    for index in 0..<count {
        if let result = slots.take(at: index) { results.append(try result.get()) }
    }
    return results
}

/// One slot per task; each is written by the worker that runs the task and read after all ended.
// SAFETY: tasks have distinct indices, so slots are never shared; concurrentPerform orders the
// writes before the reads.
@safe
private final class WorkerSlots<Element>: @unchecked Sendable {
    private let slots: UnsafeMutableBufferPointer<Element?>

    init(count: Int) {
        unsafe slots = .allocate(capacity: count)
        unsafe slots.initialize(repeating: nil)
    }

    deinit {
        unsafe slots.deinitialize()
        unsafe slots.deallocate()
    }

    func set(_ element: Element, at index: Int) { unsafe slots[index] = element }

    func take(at index: Int) -> Element? { unsafe slots[index].take() }
}

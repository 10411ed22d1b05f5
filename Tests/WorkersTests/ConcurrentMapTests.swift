import Dispatch
import Synchronization
import Testing
import Workers

@Suite("Running tasks on workers")
struct ConcurrentMapTests {
    struct Failed: Error, Equatable {
        let task: Int
    }

    @Test("gives the results in the order of the tasks", arguments: 1...8, [0, 1, 2, 7, 8, 9, 500])
    func order(workers: Int, count: Int) {
        let results = concurrentMap(count: count, workers: workers) { task in
            // Early tasks take longest, so that they end last.
            (0..<((count - task) * 20)).reduce(task) { $0 ^ ($1 & 0) }
        }
        #expect(results == Array(0..<count))
    }

    @Test("runs each task exactly once", arguments: 1...8)
    func eachOnce(workers: Int) {
        let runs = Mutex([Int](repeating: 0, count: 1000))
        _ = concurrentMap(count: 1000, workers: workers) { task in
            runs.withLock { $0[task] += 1 }
        }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: 1000))
    }

    @Test("never runs more tasks at a time than there are workers", arguments: 1...8)
    func bound(workers: Int) {
        let running = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        _ = concurrentMap(count: 200, workers: workers) { _ in
            let count = running.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
            _ = most.max(count, ordering: .sequentiallyConsistent)
            for _ in 0..<100 { _ = running.load(ordering: .sequentiallyConsistent) }
            running.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        }
        #expect((1...workers).contains(most.load(ordering: .sequentiallyConsistent)))
    }

    @Test("throws the error of the lowest task that fails", arguments: 1...8)
    func lowestError(workers: Int) {
        for _ in 0..<50 {
            #expect(throws: Failed(task: 37)) {
                try concurrentMap(count: 200, workers: workers) { task throws(Failed) in
                    // The lowest failure is the slowest.
                    if task == 37 {
                        for _ in 0..<2000 { _ = Atomic<Int>(0).load(ordering: .relaxed) }
                    }
                    if task >= 37, task % 2 == 1 { throw Failed(task: task) }
                    return task
                }
            }
        }
    }

    @Test("starts no task after one failed")
    func stops() {
        let started = Atomic<Int>(0)
        #expect(throws: Failed(task: 10)) {
            try concurrentMap(count: 1000, workers: 1) { task throws(Failed) in
                started.wrappingAdd(1, ordering: .relaxed)
                if task >= 10 { throw Failed(task: task) }
            }
        }
        #expect(started.load(ordering: .relaxed) == 11)
    }

    @Test("lets go of the results")
    func lifetime() {
        final class Token: Sendable {}
        weak var token: Token?
        do {
            let results = concurrentMap(count: 4, workers: 2) { _ in Token() }
            token = results[3]
            #expect(token != nil)
        }
        #expect(token == nil)
    }

    @Test("can be called from its own tasks")
    func nested() {
        let sums = concurrentMap(count: 4, workers: 4) { outer in
            concurrentMap(count: 4, workers: 4) { inner in outer * inner }.reduce(0, +)
        }
        #expect(sums == [0, 6, 12, 18])
    }

    @Test("needs a worker and no negative number of tasks")
    func preconditions() async {
        await #expect(processExitsWith: .failure) {
            _ = concurrentMap(count: 1, workers: 0) { $0 }
        }
        await #expect(processExitsWith: .failure) {
            _ = concurrentMap(count: -1, workers: 1) { $0 }
        }
    }
}

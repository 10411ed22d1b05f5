import Streams
import Synchronization
import Workers

/// A processor on a thread of its own.
final class ProcessorThread: Sendable {
    let spec: ProcessorSpec
    private let isEnding = Atomic<Bool>(false)
    private let outcome = Mutex<Result<Void, any Error>?>(nil)
    private let thread = Mutex<LoopThread?>(nil)

    /// Starts a processor.
    ///
    /// - Parameters:
    ///   - spec: what it does.
    ///   - goal: when it ends by itself.
    ///   - make: makes it, on its thread.
    /// - Throws: `LoopThread.Failure` when the system has no thread.
    init(
        _ spec: ProcessorSpec, goal: StreamProcessor.Goal,
        make: @escaping @Sendable () throws -> StreamProcessor
    ) throws {
        self.spec = spec
        let thread = try LoopThread { [self] in
            let result = Result {
                try make().run(goal) { isEnding.load(ordering: .relaxed) }
            }
            outcome.withLock { $0 = result }
        }
        self.thread.withLock { $0 = thread }
    }

    /// How it ended; nil while it works.
    var result: Result<Void, any Error>? { outcome.withLock { $0 } }

    /// Tells it to end, and returns at once.
    func stop() { isEnding.store(true, ordering: .relaxed) }

    /// Waits for its end.
    func join() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }
}

import Foundation
import Synchronization

/// Runs blocking work on a thread of its own beside a test.
public final class BackgroundThread<Success: Sendable>: Sendable {
    private let outcome = Mutex<Result<Success, any Error>?>(nil)
    private let finished = DispatchSemaphore(value: 0)

    /// Starts `body`.
    public init(_ body: @escaping @Sendable () throws -> Success) {
        let thread = Thread { [self] in
            let result = Result { try body() }
            outcome.withLock { $0 = result }
            finished.signal()
        }
        thread.start()
    }

    /// Whether the work has ended.
    public var isFinished: Bool { outcome.withLock { $0 != nil } }

    /// Waits for the end of the work; called once.
    public func value() throws -> Success {
        finished.wait()
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}

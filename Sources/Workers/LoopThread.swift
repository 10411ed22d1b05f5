import Glibc

/// A thread of its own, outside the cooperative pool, which a loop may block.
@safe
package struct LoopThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    /// Why there is no thread.
    package struct Failure: Error {
        /// The system's number of the error.
        package let code: Int32
    }

    /// Runs `run` on a new thread.
    package init(_ run: @escaping @Sendable () -> Void) throws(Failure) {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { data in
                if let data = unsafe data {
                    unsafe Unmanaged<Body>.fromOpaque(data).takeRetainedValue().run()
                }
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            unsafe body.release()
            throw Failure(code: code)
        }
        self.thread = thread
    }

    /// Waits for its end.
    package func join() { _ = pthread_join(thread, nil) }
}

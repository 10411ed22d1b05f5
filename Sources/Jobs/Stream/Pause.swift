import Dispatch

/// A wait that ends early when something happens.
final class Pause: Sendable {
    private let happened = DispatchSemaphore(value: 0)

    /// Something has happened.
    func end() { happened.signal() }

    /// Waits at most so long.
    func wait(milliseconds: Int) {
        _ = happened.wait(timeout: .now() + .milliseconds(milliseconds))
    }
}

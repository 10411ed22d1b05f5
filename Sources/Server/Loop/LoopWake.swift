import Synchronization

/// Tells a loop from another thread to stop.
final class LoopWake: Sendable {
    /// What a loop is asked to do.
    enum Command: Int, Comparable {
        case run, drain, stop

        static func < (left: Command, right: Command) -> Bool { left.rawValue < right.rawValue }
    }

    private let signal = LoopSignal()
    private let strongest = Mutex(Command.run)

    /// Joins the loop, before it runs.
    func open(on loop: UVLoop) throws(ServerError) { try signal.open(on: loop) }

    /// What to do on the loop's thread when a command comes.
    func onCommand(_ body: @escaping (Command) -> Void) {
        signal.onWake { [unowned self] in body(command) }
    }

    /// The strongest command so far; one that came before the loop was ready woke nobody.
    var command: Command { strongest.withLock { $0 } }

    /// Sends a command; a weaker one than the last is ignored. From any thread.
    func send(_ command: Command) {
        strongest.withLock { $0 = max($0, command) }
        signal.send()
    }

    /// Leaves the loop, on its thread.
    func close() { signal.close() }
}

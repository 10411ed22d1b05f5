import CUV
import Synchronization

// SAFETY: libuv allows `uv_async_send` from any thread while the handle is open, which the lock
// guards; the state is only read and written under it; all else happens on the loop's thread.
/// Tells a loop from another thread to stop.
@safe
final class LoopWake: @unchecked Sendable {
    /// What a loop is asked to do.
    enum Command: Int, Comparable {
        case run, drain, stop

        static func < (left: Command, right: Command) -> Bool { left.rawValue < right.rawValue }
    }

    @safe
    private final class Async: UVHandle<uv_async_t> {
        var onWake: (() -> Void)?
    }

    private let async = Async()
    private let state = Mutex((command: Command.run, isOpen: false))

    /// Joins the loop, before it runs.
    func open(on loop: UVLoop) throws(ServerError) {
        let code = unsafe uv_async_init(loop.pointer, async.raw) { handle in
            unsafe owner(handle?.pointee.data, as: Async.self)?.onWake?()
        }
        guard code == 0 else {
            throw ServerError(.system, "cannot wake a loop: \(uvMessage(code))")
        }
        unsafe async.open()
        state.withLock { $0.isOpen = true }
    }

    /// What to do on the loop's thread when a command comes.
    func onCommand(_ body: @escaping (Command) -> Void) {
        async.onWake = { [unowned self] in body(command) }
    }

    /// The strongest command so far; one that came before the loop was ready woke nobody.
    var command: Command { state.withLock { $0.command } }

    /// Sends a command; a weaker one than the last is ignored. From any thread.
    func send(_ command: Command) {
        state.withLock { state in
            state.command = max(state.command, command)
            if state.isOpen { _ = unsafe uv_async_send(async.raw) }
        }
    }

    /// Leaves the loop, on its thread.
    func close() {
        state.withLock { $0.isOpen = false }
        async.onWake = nil
        unsafe async.close()
    }
}

import CUV
import Synchronization

// SAFETY: libuv allows `uv_async_send` from any thread while the handle is open, which the lock
// guards; all else happens on the loop's thread.
/// Wakes a loop from another thread.
@safe
final class LoopSignal: @unchecked Sendable {
    @safe
    private final class Async: UVHandle<uv_async_t> {
        var onWake: (() -> Void)?
    }

    private let async = Async()
    private let isOpen = Mutex(false)

    /// Joins the loop, before it runs.
    func open(on loop: UVLoop) throws(ServerError) {
        let code = unsafe uv_async_init(loop.pointer, async.raw) { handle in
            unsafe owner(handle?.pointee.data, as: Async.self)?.onWake?()
        }
        guard code == 0 else {
            throw ServerError(.system, "cannot wake a loop: \(uvMessage(code))")
        }
        unsafe async.open()
        isOpen.withLock { $0 = true }
    }

    /// What to do on the loop's thread when it is woken.
    func onWake(_ body: @escaping () -> Void) { async.onWake = body }

    /// Wakes the loop, once for several calls; a loop that has ended is left alone. From any
    /// thread.
    func send() {
        isOpen.withLock { isOpen in
            if isOpen { _ = unsafe uv_async_send(async.raw) }
        }
    }

    /// Leaves the loop, on its thread.
    func close() {
        isOpen.withLock { $0 = false }
        async.onWake = nil
        unsafe async.close()
    }
}

import CUV

/// libuv's event loop, with one timer and one way for other threads to wake it.
@safe
final class UVLoop {
    let pointer: UnsafeMutablePointer<uv_loop_t>

    init() throws(ServerError) {
        unsafe pointer = .allocate(capacity: 1)
        let code = unsafe uv_loop_init(pointer)
        guard code == 0 else {
            throw ServerError(.system, "cannot make a loop: \(uvMessage(code))")
        }
    }

    deinit {
        _ = unsafe uv_loop_close(pointer)
        unsafe pointer.deallocate()
    }

    /// Runs until every handle is closed.
    func run() { _ = unsafe uv_run(pointer, UV_RUN_DEFAULT) }

    /// Milliseconds at the beginning of this turn of the loop; never goes back.
    var now: UInt64 { unsafe uv_now(pointer) }

    func refreshNow() { unsafe uv_update_time(pointer) }
}

/// What a number from libuv means.
func uvMessage(_ code: Int32) -> String { unsafe String(cString: uv_strerror(code)) }

/// A libuv handle: its memory, and the object that is told of its events.
///
/// From `open` to the close callback the handle keeps its owner alive.
@safe
class UVHandle<Raw> {
    let raw: UnsafeMutablePointer<Raw>
    private(set) var isOpen = false

    init() {
        unsafe raw = .allocate(capacity: 1)
    }

    deinit { unsafe raw.deallocate() }

    /// The same memory as the base type of libuv's handles.
    var handle: UnsafeMutablePointer<uv_handle_t> {
        unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_handle_t.self)
    }

    /// To be called once libuv has initialised the handle.
    func open() {
        isOpen = true
        unsafe handle.pointee.data = Unmanaged<AnyObject>.passRetained(self).toOpaque()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        unsafe uv_close(handle) { handle in
            guard let data = unsafe handle?.pointee.data else { return }
            unsafe Unmanaged<AnyObject>.fromOpaque(data).release()
        }
    }
}

/// The object behind the data pointer of a handle.
func owner<Owner: AnyObject>(_ data: UnsafeMutableRawPointer?, as type: Owner.Type) -> Owner? {
    guard let data = unsafe data else { return nil }
    return unsafe Unmanaged<AnyObject>.fromOpaque(data).takeUnretainedValue() as? Owner
}

/// Calls back again and again.
@safe
final class UVTimer: UVHandle<uv_timer_t> {
    private let onTick: () -> Void

    init(_ loop: UVLoop, every milliseconds: UInt64, _ onTick: @escaping () -> Void) {
        self.onTick = onTick
        unsafe super.init()
        _ = unsafe uv_timer_init(loop.pointer, raw)
        unsafe open()
        _ = unsafe uv_timer_start(
            raw,
            { timer in unsafe owner(timer?.pointee.data, as: UVTimer.self)?.onTick() },
            milliseconds, milliseconds)
    }
}

/// Calls back once per turn of the loop, before it waits for something to happen.
@safe
final class UVPrepare: UVHandle<uv_prepare_t> {
    private let onTurn: () -> Void

    init(_ loop: UVLoop, _ onTurn: @escaping () -> Void) {
        self.onTurn = onTurn
        unsafe super.init()
        _ = unsafe uv_prepare_init(loop.pointer, raw)
        unsafe open()
        _ = unsafe uv_prepare_start(raw) { prepare in
            unsafe owner(prepare?.pointee.data, as: UVPrepare.self)?.onTurn()
        }
    }
}

/// Calls back when the process gets a signal.
@safe
final class UVSignal: UVHandle<uv_signal_t> {
    private let onSignal: () -> Void

    init(_ loop: UVLoop, _ signal: Int32, _ onSignal: @escaping () -> Void) {
        self.onSignal = onSignal
        unsafe super.init()
        _ = unsafe uv_signal_init(loop.pointer, raw)
        unsafe open()
        _ = unsafe uv_signal_start(
            raw,
            { signal, _ in unsafe owner(signal?.pointee.data, as: UVSignal.self)?.onSignal() },
            signal)
    }
}

import CUV

/// A connected TCP socket on a loop.
@safe
final class UVStream: UVHandle<uv_tcp_t> {
    /// What the stream tells its owner. The bytes must not be kept.
    @safe
    enum Event {
        case bytes(UnsafeRawBufferPointer)
        /// The peer sends no more.
        case end
        /// All that was sent has been taken.
        case sent
        /// The connection is broken.
        case failure
    }

    private let input: ReadBuffer
    private let write = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
    private let shutdownRequest = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
    private var pending: UnsafeMutableBufferPointer<UInt8>?
    private var isReading = false
    var onEvent: ((Event) -> Void)?

    /// Takes the next connection of `listener`.
    init?(acceptedBy listener: UVListener, on loop: UVLoop, into input: ReadBuffer) {
        self.input = input
        unsafe super.init()
        guard unsafe uv_tcp_init(loop.pointer, raw) == 0 else { return nil }
        unsafe open()
        guard unsafe uv_accept(listener.stream, stream) == 0 else {
            unsafe close()
            return nil
        }
        _ = unsafe uv_tcp_nodelay(raw, 1)
    }

    deinit {
        unsafe pending?.deallocate()
        unsafe write.deallocate()
        unsafe shutdownRequest.deallocate()
    }

    private var stream: UnsafeMutablePointer<uv_stream_t> {
        unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_stream_t.self)
    }

    func startReading() {
        guard unsafe isOpen, !isReading else { return }
        isReading = true
        _ = unsafe uv_read_start(
            stream,
            { handle, _, buffer in
                guard let stream = unsafe owner(handle?.pointee.data, as: UVStream.self) else {
                    return
                }
                unsafe buffer?.pointee = stream.input.buffer
            },
            { handle, count, buffer in
                guard let stream = unsafe owner(handle?.pointee.data, as: UVStream.self) else {
                    return
                }
                unsafe stream.received(count, buffer?.pointee.base)
            })
    }

    func stopReading() {
        guard unsafe isOpen, isReading else { return }
        isReading = false
        _ = unsafe uv_read_stop(stream)
    }

    private func received(_ count: Int, _ base: UnsafeMutablePointer<CChar>?) {
        if count > 0 {
            unsafe onEvent?(.bytes(UnsafeRawBufferPointer(start: base, count: count)))
        } else if count == Int(UV_EOF.rawValue) {
            stopReading()
            onEvent?(.end)
        } else if count < 0 {
            onEvent?(.failure)
        }
    }

    /// Sends `bytes`: true when all of them were taken at once; otherwise `sent` follows.
    func send(_ bytes: [UInt8]) -> Bool {
        let sent = unsafe bytes.withUnsafeBytes { bytes in
            var buffer = unsafe uv_buf_init(
                UnsafeMutablePointer(
                    mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self)),
                UInt32(bytes.count))
            return Int(unsafe uv_try_write(stream, &buffer, 1))
        }
        if sent == bytes.count { return true }
        // What was not taken is copied, since the caller uses its memory again.
        let rest = bytes[max(0, sent)...]
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: rest.count)
        _ = unsafe copy.initialize(from: rest)
        unsafe pending = copy
        unsafe sendPending(copy)
        return false
    }

    private func sendPending(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        unsafe write.pointee.data = handle.pointee.data
        var buffer = unsafe uv_buf_init(
            UnsafeMutableRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self),
            UInt32(bytes.count))
        let code = unsafe uv_write(write, stream, &buffer, 1) { request, status in
            guard let stream = unsafe owner(request?.pointee.data, as: UVStream.self) else {
                return
            }
            stream.finishedSending(status)
        }
        if code != 0 { onEvent?(.failure) }
    }

    private func finishedSending(_ status: Int32) {
        unsafe pending?.deallocate()
        unsafe pending = nil
        onEvent?(status == 0 ? .sent : .failure)
    }

    /// Tells the peer that nothing more comes.
    func endSending() {
        guard unsafe isOpen else { return }
        _ = unsafe uv_shutdown(shutdownRequest, stream) { _, _ in }
    }
}

/// The memory that all connections of a loop read into, one after the other.
@safe
final class ReadBuffer {
    private static let count = 64 * 1024
    private let memory = UnsafeMutablePointer<CChar>.allocate(capacity: count)

    deinit { unsafe memory.deallocate() }

    var buffer: uv_buf_t { unsafe uv_buf_init(memory, UInt32(Self.count)) }
}

/// A listening TCP socket on a loop.
@safe
final class UVListener: UVHandle<uv_tcp_t> {
    private let onConnection: () -> Void

    /// Listens on the bound socket `descriptor`, which it owns from then on.
    init(
        _ descriptor: Int32, on loop: UVLoop, _ onConnection: @escaping () -> Void
    ) throws(ServerError) {
        self.onConnection = onConnection
        unsafe super.init()
        var code = unsafe uv_tcp_init(loop.pointer, raw)
        if code == 0 { unsafe open() }
        if code == 0 { code = unsafe uv_tcp_open(raw, descriptor) }
        if code == 0 {
            code = unsafe uv_listen(stream, 1024) { handle, status in
                guard status == 0 else { return }
                unsafe owner(handle?.pointee.data, as: UVListener.self)?.onConnection()
            }
        }
        guard code == 0 else { throw ServerError(.system, "cannot listen: \(uvMessage(code))") }
    }

    var stream: UnsafeMutablePointer<uv_stream_t> {
        unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_stream_t.self)
    }
}

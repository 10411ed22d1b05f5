import CUV

/// A TCP connection on a loop, or one to a Unix socket.
@safe
final class UVStream: UVHandle<uv_any_handle> {
    /// What the stream tells its owner. The bytes must not be kept.
    @safe
    enum Event {
        case bytes(UnsafeRawBufferPointer)
        /// The peer sends no more.
        case end
        /// All that was sent has been taken.
        case sent
        /// The connection that was asked for is there.
        case connected
        /// The connection is broken, or was not to be had: why, and what to do if that is known.
        case failure(String, hint: String?)
    }

    private let input: ReadBuffer
    private let write = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
    private let connection = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
    private let shutdownRequest = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
    private var pending: UnsafeMutableBufferPointer<UInt8>?
    private var isReading = false
    var onEvent: ((Event) -> Void)?

    /// Takes the next connection of `listener`.
    init?(acceptedBy listener: UVListener, on loop: UVLoop, into input: ReadBuffer) {
        self.input = input
        unsafe super.init()
        guard unsafe uv_tcp_init(loop.pointer, tcp) == 0 else { return nil }
        unsafe open()
        guard unsafe uv_accept(listener.stream, stream) == 0 else {
            unsafe close()
            return nil
        }
        _ = unsafe uv_tcp_nodelay(tcp, 1)
    }

    /// Connects to a TCP address; `connected` or `failure` follows, unless there is no socket.
    init?(to address: SocketAddress, on loop: UVLoop, into input: ReadBuffer) {
        self.input = input
        unsafe super.init()
        guard unsafe uv_tcp_init(loop.pointer, tcp) == 0 else { return nil }
        unsafe open()
        _ = unsafe uv_tcp_nodelay(tcp, 1)
        unsafe connection.pointee.data = handle.pointee.data
        let code = unsafe address.withPointer { address in
            unsafe uv_tcp_connect(connection, tcp, address) { request, status in
                unsafe owner(request?.pointee.data, as: UVStream.self)?.connected(status)
            }
        }
        guard code == 0 else {
            unsafe close()
            return nil
        }
    }

    /// Connects to a Unix socket; `connected` or `failure` follows.
    init?(toSocketAt path: String, on loop: UVLoop, into input: ReadBuffer) {
        self.input = input
        unsafe super.init()
        guard unsafe uv_pipe_init(loop.pointer, pipe, 0) == 0 else { return nil }
        unsafe open()
        unsafe connection.pointee.data = handle.pointee.data
        unsafe uv_pipe_connect(connection, pipe, path) { request, status in
            unsafe owner(request?.pointee.data, as: UVStream.self)?.connected(status)
        }
    }

    deinit {
        unsafe pending?.deallocate()
        unsafe write.deallocate()
        unsafe shutdownRequest.deallocate()
        unsafe connection.deallocate()
    }

    private var tcp: UnsafeMutablePointer<uv_tcp_t> {
        unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_tcp_t.self)
    }

    private var pipe: UnsafeMutablePointer<uv_pipe_t> {
        unsafe UnsafeMutableRawPointer(raw).assumingMemoryBound(to: uv_pipe_t.self)
    }

    private func connected(_ status: Int32) {
        // A stream that was closed meanwhile has nobody who listens.
        guard unsafe isOpen else { return }
        onEvent?(status == 0 ? .connected : .failure(uvMessage(status), hint: nil))
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
            onEvent?(.failure(uvMessage(Int32(count)), hint: nil))
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
        if code != 0 { onEvent?(.failure(uvMessage(code), hint: nil)) }
    }

    private func finishedSending(_ status: Int32) {
        unsafe pending?.deallocate()
        unsafe pending = nil
        onEvent?(status == 0 ? .sent : .failure(uvMessage(status), hint: nil))
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

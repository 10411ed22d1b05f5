import CHiredis
import Glibc

/// A connected socket that never blocks: who waits says until when.
@safe
struct Socket: ~Copyable {
    typealias Instant = ContinuousClock.Instant

    private let descriptor: Int32

    deinit { _ = close(descriptor) }

    /// Connects to the first address of `place` that answers.
    ///
    /// - Throws: `disconnected` with the system's reason, or `timeout`.
    init(_ place: RedisAddress.Place, until deadline: Instant) throws(RedisError) {
        switch place {
        case .socket(let path): try self.init(path: path, until: deadline)
        case .host(let host, let port): try self.init(host, port, until: deadline)
        }
    }

    private init(path: String, until deadline: Instant) throws(RedisError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            guard path.utf8.count < target.count else { return false }
            unsafe target.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw RedisError(.badAddress, "the path of the socket is too long") }
        let connected = try unsafe withUnsafePointer(to: &address) { pointer throws(RedisError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                pointer throws(RedisError) in
                try unsafe Self.connected(
                    pointer, socklen_t(MemoryLayout<sockaddr_un>.size), AF_UNIX, until: deadline)
            }
        }
        descriptor = connected
    }

    private init(_ host: String, _ port: UInt16, until deadline: Instant) throws(RedisError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard code == 0 else {
            throw RedisError(
                .disconnected,
                "the host '\(host)' is not found: \(unsafe String(cString: gai_strerror(code)))")
        }
        defer { unsafe freeaddrinfo(found) }
        var failure = RedisError(.disconnected, "the host '\(host)' has no address")
        var next = unsafe found
        while let candidate = unsafe next?.pointee {
            do throws(RedisError) {
                descriptor = try unsafe Self.connected(
                    candidate.ai_addr, candidate.ai_addrlen, candidate.ai_family, until: deadline)
                return
            } catch {
                failure = error
            }
            unsafe next = candidate.ai_next
        }
        throw failure
    }

    private static func connected(
        _ address: UnsafePointer<sockaddr>, _ size: socklen_t, _ family: Int32,
        until deadline: Instant
    ) throws(RedisError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw systemFailure("open a socket") }
        do throws(RedisError) {
            let code = unsafe connect(descriptor, address, size)
            if code != 0 {
                guard errno == EINPROGRESS else { throw systemFailure("connect") }
                try wait(descriptor, for: Int16(POLLOUT), until: deadline)
                try checkConnected(descriptor)
            }
            var on: Int32 = 1
            // Without it small commands wait for the answers to earlier ones; Unix sockets refuse.
            _ = unsafe setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on,
                socklen_t(MemoryLayout<Int32>.size))
            return descriptor
        } catch {
            _ = close(descriptor)
            throw error
        }
    }

    private static func checkConnected(_ descriptor: Int32) throws(RedisError) {
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw systemFailure("connect", code) }
    }

    /// Sends what the system takes at once; 0 when it takes nothing.
    func send(_ bytes: Span<UInt8>) throws(RedisError) -> Int {
        let count = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        guard errno == EAGAIN || errno == EINTR else { throw Self.systemFailure("send") }
        return 0
    }

    /// Reads what is there; 0 when nothing is.
    func receive(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(RedisError) -> Int {
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return count }
        guard count < 0 else {
            throw RedisError(.disconnected, "Redis closed the connection")
        }
        guard errno == EAGAIN || errno == EINTR else { throw Self.systemFailure("read") }
        return 0
    }

    /// Waits until there is something to read, or also room to send.
    func wait(orToSend: Bool, until deadline: Instant) throws(RedisError) {
        let events = Int16(POLLIN) | (orToSend ? Int16(POLLOUT) : 0)
        try Self.wait(descriptor, for: events, until: deadline)
    }

    private static func wait(
        _ descriptor: Int32, for events: Int16, until deadline: Instant
    ) throws(RedisError) {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let rest = ContinuousClock.now.duration(to: deadline).components
            let milliseconds = max(
                0, min(rest.seconds, 3600) * 1000 + rest.attoseconds / 1_000_000_000_000_000 + 1)
            let count = unsafe poll(&entry, 1, Int32(milliseconds))
            if count > 0 { return }
            if count < 0, errno != EINTR { throw systemFailure("wait") }
            if ContinuousClock.now >= deadline {
                throw RedisError(
                    .timeout, "Redis did not answer in time", hint: "see whether it is overloaded")
            }
        }
    }

    private static func systemFailure(_ action: String, _ number: Int32 = errno) -> RedisError {
        RedisError(
            .disconnected, "cannot \(action): \(unsafe String(cString: strerror(number)))")
    }
}

import TLS

/// Bytes to and from a server, in the clear or encrypted.
///
/// What is handed over is sent by `flush`, as much as the system takes; nothing here waits but
/// `wait` and the handshake of `connected`.
struct Transport: ~Copyable {
    private let socket: Socket
    private var session: TLSSession?
    /// What is to go out, and how much of it is gone.
    private var outgoing: [UInt8] = []
    private var sentCount = 0
    private let buffer = ReceiveBuffer()
    private var plain: [UInt8] = []

    private init(_ socket: consuming Socket, _ session: consuming TLSSession?) {
        self.socket = socket
        self.session = session
    }

    /// Connects, and lets the server prove who it is.
    ///
    /// - Throws: `disconnected`, `timeout`, `insecure`, `badTLS`.
    static func connected(
        to address: RedisAddress, until deadline: ContinuousClock.Instant
    ) throws(RedisError) -> Transport {
        let session = try address.session()
        let socket = try Socket(address.place, until: deadline)
        var transport = Transport(socket, session)
        if address.tls != nil { try transport.shakeHands(until: deadline) }
        return transport
    }

    /// Takes bytes for the server.
    mutating func hand(over bytes: [UInt8]) throws(RedisError) {
        guard session != nil else {
            if outgoing.isEmpty { outgoing = bytes } else { outgoing += bytes }
            return
        }
        do throws(TLSError) {
            try session?.send(bytes.span)
        } catch {
            throw RedisError(error)
        }
    }

    /// Sends what the system takes.
    ///
    /// - Returns: whether all is sent.
    mutating func flush() throws(RedisError) -> Bool {
        session?.takeOutgoing(into: &outgoing)
        while sentCount < outgoing.count {
            let count = try sendRest()
            if count == 0 { return false }
            sentCount += count
        }
        outgoing = []
        sentCount = 0
        return true
    }

    /// A server that ends a session says why before it closes the connection, and says it to who
    /// reads, not to who sends.
    private mutating func sendRest() throws(RedisError) -> Int {
        do throws(RedisError) {
            return try socket.send(outgoing.span.extracting(sentCount...))
        } catch {
            if session != nil { try receive { _ throws(RedisError) in } }
            throw error
        }
    }

    /// Reads what is there, if anything is, and shows it to `body`.
    mutating func receive(
        _ body: (Span<UInt8>) throws(RedisError) -> Void
    ) throws(RedisError) {
        let room = unsafe buffer.bytes
        let count = try unsafe socket.receive(into: room)
        guard count > 0 else { return }
        let arrived = unsafe UnsafeBufferPointer(rebasing: room[..<count])
        guard session != nil else { return try unsafe body(arrived.span) }
        plain.removeAll(keepingCapacity: true)
        do throws(TLSError) {
            try unsafe session?.receive(arrived.span, into: &plain)
        } catch {
            throw RedisError(error)
        }
        // Such as the answer to a change of keys.
        if session?.hasOutgoing == true { _ = try flush() }
        try body(plain.span)
        if session?.isClosedByPeer == true {
            throw RedisError(.disconnected, "Redis closed the connection")
        }
    }

    /// Waits until there is something to read, or also room to send.
    func wait(orToSend: Bool, until deadline: ContinuousClock.Instant) throws(RedisError) {
        try socket.wait(orToSend: orToSend || sentCount < outgoing.count, until: deadline)
    }

    private mutating func shakeHands(until deadline: ContinuousClock.Instant) throws(RedisError) {
        do throws(RedisError) {
            while true {
                let isSent = try flush()
                if session?.isEstablished != false { return }
                try wait(orToSend: !isSent, until: deadline)
                try receive { _ throws(RedisError) in }
            }
        } catch {
            // Redis waits for the end of a line when it is spoken to with TLS on its plain port.
            guard [.timeout, .disconnected].contains(error.code) else { throw error }
            throw RedisError(
                error.code, "\(error.message) during the TLS handshake",
                hint: "see whether this port speaks TLS (tls-port in redis.conf)")
        }
    }
}

/// Memory that a socket reads into.
@safe
private struct ReceiveBuffer: ~Copyable {
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)

    deinit { unsafe bytes.deallocate() }
}

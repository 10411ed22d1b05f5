import COpenSSL

// Bytes in, bytes out: the session neither knows a socket nor waits. What came from the network goes
// into `receive`, which gives back what it said; `takeOutgoing` gives the bytes for the network,
// after every call that may have made some. So one session serves a blocking client and an event
// loop.

/// One side of a connection that is encrypted.
///
/// Used by one caller at a time. After an error it is of no more use; what `takeOutgoing` then gives
/// tells the other side why.
@safe
public struct TLSSession: ~Copyable {
    /// Whether both sides have agreed, and the other one is who it should be.
    public private(set) var isEstablished = false
    /// Whether the other side said that nothing more comes.
    public private(set) var isClosedByPeer = false

    private let handle: TLSSessionHandle
    /// What was to be sent before both sides had agreed.
    private var early: [UInt8] = []

    /// The greatest content of one TLS record.
    private static let recordSize = 16 << 10

    /// A session that connects. The first bytes for the server are there at once.
    ///
    /// - Parameters:
    ///   - context: a client's.
    ///   - name: what the server's certificate must be for: the name of a host, or an IP address.
    /// - Throws: `broken` for a name that cannot be one.
    public init(client context: TLSContext, serverName name: String) throws(TLSError) {
        precondition(context.isClient, "a server's context is used to connect")
        let handle = try TLSSessionHandle(context.handle)
        try handle.beClient(of: name)
        _ = try handle.shakeHands()
        self.handle = handle
    }

    /// A session that waits for a client.
    ///
    /// - Parameter context: a server's.
    /// - Throws: `broken` when there is no memory.
    public init(server context: TLSContext) throws(TLSError) {
        precondition(!context.isClient, "a client's context is used to be connected to")
        handle = try TLSSessionHandle(context.handle)
        unsafe SSL_set_accept_state(handle.pointer)
    }

    /// Takes bytes that came from the other side, any number of them.
    ///
    /// - Parameters:
    ///   - bytes: what came, in order.
    ///   - plain: gets what they said, behind what it has.
    /// - Throws: why the other side cannot be believed or refuses; `plain` then has what was said
    ///   and proved before.
    public mutating func receive(
        _ bytes: Span<UInt8>, into plain: inout [UInt8]
    ) throws(TLSError) {
        try handle.feed(bytes)
        try shakeHands()
        guard isEstablished else { return }
        if try handle.read(into: &plain, upTo: Self.recordSize) == .ended { isClosedByPeer = true }
    }

    /// Encrypts bytes for the other side; until both have agreed they are kept.
    public mutating func send(_ bytes: Span<UInt8>) throws(TLSError) {
        guard isEstablished else {
            unsafe bytes.withUnsafeBufferPointer { unsafe early += $0 }
            return
        }
        try handle.write(bytes)
    }

    /// Says that nothing more will be sent.
    public mutating func close() {
        if isEstablished { handle.sayGoodbye() }
    }

    /// Whether there are bytes for the other side.
    public var hasOutgoing: Bool { handle.outgoingCount > 0 }

    /// Moves the bytes for the other side behind those of `bytes`.
    public mutating func takeOutgoing(into bytes: inout [UInt8]) { handle.takeOutgoing(&bytes) }

    private mutating func shakeHands() throws(TLSError) {
        guard !isEstablished else { return }
        isEstablished = try handle.shakeHands()
        if isEstablished, !early.isEmpty {
            try handle.write(early.span)
            early = []
        }
    }
}

/// An `SSL` between two memory BIOs, all freed when it goes.
@safe
struct TLSSessionHandle: ~Copyable {
    enum Outcome { case wantsMore, ended }

    let pointer: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    init(_ context: borrowing TLSContextHandle) throws(TLSError) {
        ERR_clear_error()
        guard let session = unsafe SSL_new(context.pointer) else { throw .ofLibrary() }
        guard let incoming = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(session)
            throw .ofLibrary()
        }
        guard let outgoing = unsafe BIO_new(BIO_s_mem()) else {
            unsafe BIO_free(incoming)
            unsafe SSL_free(session)
            throw .ofLibrary()
        }
        unsafe SSL_set_bio(session, incoming, outgoing)
        unsafe pointer = session
        unsafe self.incoming = incoming
        unsafe self.outgoing = outgoing
    }

    // The session frees its BIOs.
    deinit { unsafe SSL_free(pointer) }

    func beClient(of name: String) throws(TLSError) {
        ERR_clear_error()
        unsafe SSL_set_connect_state(pointer)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(pointer), name) == 1 { return }
        unsafe SSL_set_hostflags(pointer, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard !name.isEmpty, !name.utf8.contains(0), unsafe SSL_set1_host(pointer, name) == 1,
            unsafe roost_tls_announce_name(pointer, name) == 1
        else {
            throw TLSError(.broken, "'\(name)' cannot be the name of a server")
        }
    }

    func feed(_ bytes: Span<UInt8>) throws(TLSError) {
        guard bytes.count > 0 else { return }
        var taken = 0
        let code = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe BIO_write_ex(incoming, bytes.baseAddress, bytes.count, &taken)
        }
        guard code == 1, taken == bytes.count else { throw .ofLibrary() }
    }

    /// - Returns: whether both sides have agreed.
    func shakeHands() throws(TLSError) -> Bool {
        ERR_clear_error()
        let code = unsafe SSL_do_handshake(pointer)
        if code == 1 { return true }
        guard try outcome(code) == .wantsMore else {
            throw TLSError(.refused, "the other side ended the connection before it began")
        }
        return false
    }

    /// Reads all that is there.
    func read(into plain: inout [UInt8], upTo recordSize: Int) throws(TLSError) -> Outcome {
        while true {
            ERR_clear_error()
            var count = 0
            var code: Int32 = 0
            unsafe withUnsafeTemporaryAllocation(byteCount: recordSize, alignment: 16) { buffer in
                code = unsafe SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count)
                if code == 1 { unsafe plain += UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
            }
            if code != 1 { return try outcome(code) }
        }
    }

    func write(_ bytes: Span<UInt8>) throws(TLSError) {
        guard bytes.count > 0 else { return }
        ERR_clear_error()
        var taken = 0
        let code = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe SSL_write_ex(pointer, bytes.baseAddress, bytes.count, &taken)
        }
        guard code == 1, taken == bytes.count else { throw unsafe .ofSession(pointer) }
    }

    func sayGoodbye() {
        ERR_clear_error()
        _ = unsafe SSL_shutdown(pointer)
    }

    var outgoingCount: Int { unsafe BIO_ctrl_pending(outgoing) }

    func takeOutgoing(_ bytes: inout [UInt8]) {
        var start: UnsafePointer<CChar>?
        let count = unsafe roost_bio_bytes(outgoing, &start)
        unsafe bytes += UnsafeRawBufferPointer(start: start, count: count)
        unsafe roost_bio_clear(outgoing)
    }

    private func outcome(_ code: Int32) throws(TLSError) -> Outcome {
        switch unsafe SSL_get_error(pointer, code) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wantsMore
        case SSL_ERROR_ZERO_RETURN: return .ended
        default: throw unsafe .ofSession(pointer)
        }
    }
}

import TLS

/// A stream whose bytes are encrypted if they shall be: `UVStream`'s calls and events, in plain
/// bytes.
final class SecureStream {
    private let stream: UVStream
    private var session: TLSSession?
    private var outgoing: [UInt8] = []
    private var plain: [UInt8] = []
    /// Whether the stream has not taken all that was encrypted.
    private var isSending = false
    /// Whether the owner waits for `sent`.
    private var owesSent = false
    var onEvent: ((UVStream.Event) -> Void)?

    /// - Parameters:
    ///   - stream: a stream that is connected or connecting.
    ///   - session: how to encrypt; nil in the clear. With a client's session `connected` comes
    ///     when the server has proved who it is.
    init(_ stream: UVStream, _ session: consuming TLSSession?) {
        self.stream = stream
        self.session = session
        stream.onEvent = { [weak self] event in self?.handle(event) }
    }

    var isOpen: Bool { unsafe stream.isOpen }

    func startReading() { stream.startReading() }

    func stopReading() { stream.stopReading() }

    /// Sends `bytes`: true when all of them were taken at once; otherwise `sent` follows.
    func send(_ bytes: [UInt8]) -> Bool {
        guard session != nil else { return stream.send(bytes) }
        do throws(TLSError) {
            try session?.send(bytes.span)
        } catch {
            onEvent?(.failure(error.message, hint: error.hint))
            return false
        }
        owesSent = !push()
        return !owesSent
    }

    /// Tells the peer that nothing more comes.
    func endSending() {
        session?.close()
        _ = push()
        stream.endSending()
    }

    /// Closes at once: nothing is told after this.
    func close() {
        onEvent = nil
        session?.close()
        if isOpen { _ = push() }
        stream.onEvent = nil
        unsafe stream.close()
    }

    /// Hands on what is encrypted.
    ///
    /// - Returns: whether the stream has taken all of it.
    private func push() -> Bool {
        guard !isSending, session?.hasOutgoing == true else { return !isSending }
        outgoing.removeAll(keepingCapacity: true)
        session?.takeOutgoing(into: &outgoing)
        isSending = !stream.send(outgoing)
        return !isSending
    }

    private func handle(_ event: UVStream.Event) {
        guard session != nil else {
            onEvent?(event)
            return
        }
        switch event {
        case .connected:
            stream.startReading()
            _ = push()
        case .bytes(let bytes): unsafe decrypt(bytes)
        case .sent:
            isSending = false
            guard push(), owesSent else { return }
            owesSent = false
            onEvent?(.sent)
        case .end, .failure: onEvent?(event)
        }
    }

    private func decrypt(_ bytes: UnsafeRawBufferPointer) {
        let wasEstablished = session?.isEstablished == true
        plain.removeAll(keepingCapacity: true)
        var failure: TLSError?
        do throws(TLSError) {
            try session?.receive(unsafe bytes.bindMemory(to: UInt8.self).span, into: &plain)
        } catch {
            failure = error
        }
        // Of a failure, too, the other side is told why.
        _ = push()
        if !wasEstablished, session?.isEstablished == true { onEvent?(.connected) }
        let said = plain
        if !said.isEmpty { unsafe said.withUnsafeBytes { unsafe onEvent?(.bytes($0)) } }
        if let failure {
            onEvent?(.failure(failure.message, hint: failure.hint))
        } else if session?.isClosedByPeer == true {
            onEvent?(.end)
        }
    }
}

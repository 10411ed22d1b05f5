/// Drives one connection: performs what its state machine decides.
final class ServerConnection {
    private let stream: SecureStream
    private unowned let loop: ServerLoop
    private var machine: ConnectionMachine
    private var isAdvancing = false

    init(_ stream: SecureStream, on loop: ServerLoop, limits: ServerLimits) {
        self.stream = stream
        self.loop = loop
        machine = ConnectionMachine(limits: limits, at: loop.now)
        stream.onEvent = { [weak self] event in self?.handle(event) }
        stream.startReading()
    }

    func tick() {
        machine.tick(at: loop.now)
        advance()
    }

    func drain() {
        machine.drain()
        advance()
    }

    func close() {
        stream.onEvent = nil
        stream.close()
        loop.closed(self)
    }

    /// Takes an answer that had to be waited for.
    private func answered(_ answer: [UInt8]) {
        machine.answered(answer)
        advance()
    }

    private func handle(_ event: UVStream.Event) {
        switch event {
        case .bytes(let bytes):
            loop.router.metrics.receivedBytes += bytes.count
            unsafe machine.received(UnsafeRawBufferPointer(bytes))
        case .end: machine.ended()
        case .sent: machine.sent(at: loop.now)
        case .connected: return
        case .failure: return close()
        }
        advance()
    }

    private func advance() {
        while stream.isOpen {
            loop.output.removeAll(keepingCapacity: true)
            let step = machine.advance(at: loop.now, output: &loop.output) { [loop] in
                loop.router.answer($0, keepsAlive: $1, to: &$2) { [weak self] in
                    self?.answered($0)
                }
            }
            switch step {
            case .send:
                loop.router.metrics.sentBytes += loop.output.count
                if stream.send(loop.output) {
                    machine.sent(at: loop.now)
                    continue
                }
                stream.stopReading()
            case .wait: stream.stopReading()
            case .read: stream.startReading()
            case .linger:
                stream.endSending()
                stream.startReading()
            case .close: close()
            }
            return
        }
    }
}

import CUV
import Redis

/// A connection to a Redis server on a loop: bytes go out, answers come in.
final class RedisSocket {
    /// What it tells its owner; `failure` is the last.
    enum Event {
        case connected
        /// All that was sent has been taken.
        case sent
        case reply(RedisReply)
        case failure(RedisError)
    }

    private let address: RedisAddress
    private let loop: UVLoop
    private let input: ReadBuffer
    private var onEvent: ((Event) -> Void)?
    private var reader: RedisReader?
    private var stream: SecureStream?
    private var resolution: UVResolution?
    /// Addresses of the host that were not tried.
    private var candidates: [SocketAddress] = []

    /// Begins to connect; `onEvent` hears of it after this call.
    init(
        to address: RedisAddress, on loop: UVLoop, into input: ReadBuffer,
        _ onEvent: @escaping (Event) -> Void
    ) {
        (self.address, self.loop, self.input, self.onEvent) = (address, loop, input, onEvent)
        switch address.place {
        case .socket(let path):
            if let stream = UVStream(toSocketAt: path, on: loop, into: input) {
                use(SecureStream(stream, nil))
            }
        case .host(let host, let port):
            resolution = UVResolution(of: host, port: port, on: loop) { [weak self] result in
                self?.resolved(result)
            }
        }
    }

    /// Sends `bytes`: true when all of them were taken at once; otherwise `sent` follows.
    func send(_ bytes: [UInt8]) -> Bool { stream?.send(bytes) ?? false }

    /// Forgets the connection: nothing is told after this.
    func close() {
        onEvent = nil
        resolution?.cancel()
        stream?.close()
    }

    private func resolved(_ result: Result<[SocketAddress], RedisError>) {
        switch result {
        case .success(let addresses):
            candidates = addresses.reversed()
            connectToNext(orFail: "it has no address")
        case .failure(let error): onEvent?(.failure(error))
        }
    }

    private func connectToNext(orFail reason: String) {
        guard let address = candidates.popLast() else { return fail(reason) }
        guard let stream = UVStream(to: address, on: loop, into: input) else {
            return connectToNext(orFail: "there is no socket left")
        }
        do throws(RedisError) {
            use(SecureStream(stream, try self.address.session()))
        } catch {
            unsafe stream.close()
            onEvent?(.failure(error))
        }
    }

    private func use(_ stream: SecureStream) {
        self.stream = stream
        stream.onEvent = { [weak self] event in self?.handle(event) }
    }

    private func handle(_ event: UVStream.Event) {
        switch event {
        case .connected:
            reader = try? RedisReader()
            stream?.startReading()
            onEvent?(.connected)
        case .sent: onEvent?(.sent)
        case .bytes(let bytes): unsafe take(bytes)
        case .end: fail("it closed the connection")
        case .failure(let reason, let hint):
            guard reader == nil, hint == nil else { return fail(reason, hint: hint) }
            stream?.close()
            connectToNext(orFail: reason)
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        do throws(RedisError) {
            try unsafe reader?.feed(bytes.bindMemory(to: UInt8.self).span)
            // An event may close this connection.
            while onEvent != nil, let reply = try reader?.next() { onEvent?(.reply(reply)) }
        } catch {
            onEvent?(.failure(error))
        }
    }

    private func fail(_ reason: String, hint: String? = nil) {
        onEvent?(
            .failure(
                RedisError(
                    .disconnected, "cannot use Redis at \(address): \(reason)",
                    hint: hint ?? "see whether it runs there and may be reached from here")))
    }
}

import Glibc
import Synchronization

/// Stands between a client and a server of the loopback interface and cuts all connections once so
/// many bytes went one way.
public final class CuttingProxy: Sendable {
    /// Which way bytes are counted.
    public enum Direction: Sendable {
        case toServer
        case toClient
    }

    /// The port it listens on.
    public let port: UInt16

    private let listener: Int32
    private let server: UInt16
    private let direction: Direction
    private let limit: Int
    private let left: Mutex<Int>
    private let open = Mutex<[Int32]>([])

    /// Listens, and forwards to the port `server` until `limit` bytes went in `direction`.
    public init(
        to server: UInt16, cuttingAfter limit: Int, _ direction: Direction
    ) throws {
        self.server = server
        self.direction = direction
        self.limit = limit
        left = Mutex(limit)
        port = try LoopbackPort.free().number
        listener = try LoopbackPort(number: port).listen()
        _ = BackgroundThread { [self] in accept() }
    }

    deinit { close(listener) }

    /// Whether it came to the cut.
    public var hasCut: Bool { left.withLock { $0 < 0 } }

    /// How many bytes went in the direction, until the cut.
    public var passed: Int { limit - left.withLock { max(0, $0) } }

    /// Cuts everything and takes no more connections.
    public func stop() {
        left.withLock { $0 = min($0, 0) }
        shutdown(listener, Int32(SHUT_RDWR))
        cut()
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            guard !hasCut, let upstream = try? LoopbackPort(number: server).connect() else {
                close(client)
                continue
            }
            open.withLock { $0 += [client, upstream] }
            _ = BackgroundThread { [self] in forward(client, upstream, .toServer) }
            _ = BackgroundThread { [self] in forward(upstream, client, .toClient) }
        }
    }

    private func forward(_ source: Int32, _ target: Int32, _ way: Direction) {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            var count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe recv(source, buffer.baseAddress, buffer.count, 0)
            }
            guard count > 0 else { break }
            var isLast = false
            if way == direction {
                left.withLock { left in
                    isLast = left < count
                    if isLast { count = max(0, left) }
                    left = isLast ? -1 : left - count
                }
            }
            var sent = 0
            while sent < count {
                let part = unsafe bytes.withUnsafeBytes { buffer -> Int in
                    guard let base = buffer.baseAddress else { return -1 }
                    return unsafe send(target, base + sent, count - sent, Int32(MSG_NOSIGNAL))
                }
                guard part > 0 else { break }
                sent += part
            }
            if isLast { cut() }
            guard sent == count, !isLast else { break }
        }
        // The descriptors are closed by nobody else, so their numbers are not taken meanwhile.
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }

    private func cut() {
        for descriptor in open.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}

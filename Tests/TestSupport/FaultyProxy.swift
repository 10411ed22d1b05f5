import Foundation
import Glibc
import Synchronization

/// A TCP proxy on the loopback interface that does to a server's answers what a test says, and can be
/// cut while a client sends.
public final class FaultyProxy: Sendable {
    /// What happens to bytes from the server.
    public enum Fault: Hashable, Sendable {
        /// They are handed on.
        case none
        /// So many are handed on, then the connection is reset.
        case resetAfter(Int)
        /// So many are handed on, then the connection ends as usual.
        case endAfter(Int)
        /// They are handed on one by one.
        case slowly
        /// Other bytes are handed on in their place.
        case instead([UInt8])
        /// Other bytes are handed on after them.
        case followedBy([UInt8])
        /// They are thrown away.
        case swallow
        /// Some of them are replaced, where they are found in what came at once.
        case replacing([UInt8], with: [UInt8])
    }

    /// The port it listens on.
    public let port: UInt16
    private let target: LoopbackPort
    private let listener: Int32
    private let state = Mutex((fault: Fault.none, hits: 0))
    private let requests = Mutex((left: Int.max, cuts: 0))

    /// Listens, and connects to port `target` for each connection.
    public init(to target: UInt16) throws {
        self.target = LoopbackPort(number: target)
        port = try LoopbackPort.free().number
        listener = try LoopbackPort(number: port).listen()
        let thread = Thread { [self] in acceptAll() }
        thread.start()
    }

    /// Stops to listen; connections that are there stay.
    public func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// What happens to bytes from the server, from here on.
    public var fault: Fault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0 = (newValue, 0) } }
    }

    /// How often the fault was done since it was set.
    public var hits: Int { state.withLock { $0.hits } }

    /// Cuts the connection, once, after clients have sent `count` more bytes; `.max` for not at all.
    public func cutRequests(after count: Int) { requests.withLock { $0.left = count } }

    /// How often a connection was cut while a client sent.
    public var cuts: Int { requests.withLock { $0.cuts } }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            if client < 0 { return }
            guard let server = try? target.connect() else {
                Glibc.close(client)
                continue
            }
            pump(from: client, to: server) { bytes in self.request(bytes, client, server) }
            pump(from: server, to: client) { bytes in self.answer(bytes, client) }
        }
    }

    /// Reads from one socket until it ends, then ends the other, on a thread of its own.
    private func pump(
        from source: Int32, to sink: Int32, _ body: @escaping @Sendable ([UInt8]) -> Void
    ) {
        let thread = Thread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                    unsafe recv(source, bytes.baseAddress, bytes.count, 0)
                }
                if count <= 0 { break }
                body(Array(buffer[..<count]))
            }
            shutdown(sink, Int32(SHUT_WR))
        }
        thread.start()
    }

    private func request(_ bytes: [UInt8], _ client: Int32, _ server: Int32) {
        let count = requests.withLock { state in
            let count = min(bytes.count, state.left)
            if state.left != .max { state.left -= count }
            guard count < bytes.count else { return count }
            (state.left, state.cuts) = (.max, state.cuts + 1)
            return count
        }
        _ = pass(Array(bytes.prefix(count)), server)
        guard count < bytes.count else { return }
        for socket in [client, server] { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    private func answer(_ bytes: [UInt8], _ client: Int32) {
        let fault = state.withLock { state in
            if state.fault != .none { state.hits += 1 }
            return state.fault
        }
        switch fault {
        case .none: _ = pass(bytes, client)
        case .resetAfter(let count):
            _ = pass(Array(bytes.prefix(count)), client)
            var option = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(
                client, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            Glibc.close(client)
        case .endAfter(let count):
            _ = pass(Array(bytes.prefix(count)), client)
            shutdown(client, Int32(SHUT_RDWR))
        case .slowly: for byte in bytes where pass([byte], client) { sched_yield() }
        case .instead(let others): _ = pass(others, client)
        case .followedBy(let others): _ = pass(bytes + others, client)
        case .swallow: break
        case .replacing(let old, let new):
            var bytes = bytes
            if let range = bytes.firstRange(of: old) { bytes.replaceSubrange(range, with: new) }
            _ = pass(bytes, client)
        }
    }

    private func pass(_ bytes: [UInt8], _ sink: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe send(sink, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

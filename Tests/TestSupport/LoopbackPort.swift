import Glibc
import Synchronization

/// A TCP port of the loopback interface.
public struct LoopbackPort: Sendable {
    /// No port is free.
    public struct Failure: Error {}

    /// The port's number.
    public let number: UInt16

    /// The port with a number.
    public init(number: UInt16) { self.number = number }

    /// A port that nobody listens on, and that this process was not given before.
    ///
    /// It is below those that the system gives to connections (from 32,768 on): one of these could
    /// take the port before the server does, and a client that asks again and again whether the
    /// server is there could be given the port itself and find itself connected to itself.
    public static func free() throws -> LoopbackPort {
        for _ in 0..<1000 {
            let port = LoopbackPort(number: .random(in: 10_000..<32_000))
            let isNew = given.withLock { $0.insert(port.number).inserted }
            if isNew && port.isFree { return port }
        }
        throw Failure()
    }

    private static let given = Mutex<Set<UInt16>>([])

    private var isFree: Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return unsafe withAddress { unsafe bind(descriptor, $0, $1) == 0 }
    }

    /// Whether somebody listens on it.
    public var isListening: Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return unsafe withAddress { unsafe Glibc.connect(descriptor, $0, $1) == 0 }
    }

    /// A connected socket.
    func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard unsafe withAddress({ unsafe Glibc.connect(descriptor, $0, $1) == 0 }) else {
            close(descriptor)
            throw Failure()
        }
        return descriptor
    }

    /// A listening socket.
    func listen() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard unsafe withAddress({ unsafe bind(descriptor, $0, $1) == 0 }),
            Glibc.listen(descriptor, 128) == 0
        else {
            close(descriptor)
            throw Failure()
        }
        return descriptor
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

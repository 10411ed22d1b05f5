import Glibc

/// A TCP port of the loopback interface.
public struct LoopbackPort: Sendable {
    /// No port is free, or the system gives no socket.
    public struct Failure: Error {}

    /// The port's number.
    public let number: UInt16

    /// The port with a number.
    public init(number: UInt16) { self.number = number }

    /// A port that nobody listens on.
    public static func free() throws -> LoopbackPort {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let any = LoopbackPort(number: 0)
        guard unsafe any.withAddress({ unsafe bind(descriptor, $0, $1) == 0 }) else {
            throw Failure()
        }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = unsafe getsockname(descriptor, pointer, &size)
            }
        }
        return LoopbackPort(number: UInt16(bigEndian: address.sin_port))
    }

    /// Whether somebody listens on it.
    public var isListening: Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return unsafe withAddress { unsafe connect(descriptor, $0, $1) == 0 }
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

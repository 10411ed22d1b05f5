import CUV
import Glibc

/// Where a server listens: a numeric address and a port.
public struct ListenAddress: Hashable, Sendable {
    /// The numeric address, without brackets.
    public let host: String
    /// The port; 0 lets the system choose.
    public let port: UInt16

    /// Reads `127.0.0.1:6566`, `[::1]:6566` or `localhost:6566`.
    ///
    /// - Throws: `badAddress` with the form that is expected.
    public init(parsing text: String) throws(ServerError) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw Self.refusal(text) }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host
        self.port = port
        guard unsafe withSocketAddress({ _, _ in true }) != nil else { throw Self.refusal(text) }
    }

    /// The text that is read as this address.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    func withPort(_ port: UInt16) -> ListenAddress { ListenAddress(host: host, port: port) }

    private init(host: String, port: UInt16) {
        (self.host, self.port) = (host, port)
    }

    private static func refusal(_ text: String) -> ServerError {
        ServerError(
            .badAddress,
            "'\(text)' is no address to listen on: write a numeric address and a port, such as "
                + "127.0.0.1:6566 or [::1]:6566")
    }

    /// Opens a socket that listens on this address and shares it with others (SO_REUSEPORT), so
    /// that the system spreads connections over them; or one that only tries whether it is free.
    ///
    /// - Returns: the socket's descriptor and the port it got.
    func openSocket(isShared: Bool = true) throws(ServerError) -> (descriptor: Int32, port: UInt16)
    {
        let family = host.contains(":") ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw failure("open a socket") }
        var on: Int32 = 1
        for option in isShared ? [SO_REUSEADDR, SO_REUSEPORT] : [SO_REUSEADDR] {
            _ = unsafe setsockopt(
                descriptor, SOL_SOCKET, option, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let isBound = unsafe withSocketAddress { address, count in
            unsafe Glibc.bind(descriptor, address, count) == 0
        }
        guard isBound == true, !isShared || Glibc.listen(descriptor, 1024) == 0 else {
            let error = failure("listen")
            _ = Glibc.close(descriptor)
            throw error
        }
        return (descriptor, Self.port(of: descriptor) ?? port)
    }

    private func failure(_ what: String) -> ServerError {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        guard number == EADDRINUSE else {
            return ServerError(.system, "cannot \(what) on \(description): \(reason)")
        }
        return ServerError(
            .addressInUse,
            "cannot listen on \(description), another program does: stop it or give another port "
                + "with --listen")
    }

    private func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var storage = sockaddr_storage()
        return unsafe withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            let four = unsafe raw.assumingMemoryBound(to: sockaddr_in.self)
            let six = unsafe raw.assumingMemoryBound(to: sockaddr_in6.self)
            let address = unsafe UnsafePointer(raw.assumingMemoryBound(to: sockaddr.self))
            if unsafe uv_ip4_addr(host, Int32(port), four) == 0 {
                return unsafe body(address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
            if unsafe uv_ip6_addr(host, Int32(port), six) == 0 {
                return unsafe body(address, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
            return nil
        }
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        var storage = sockaddr_in6()
        var count = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &count)
            }
        }
        // The port stands at the same place in both families.
        return code == 0 ? UInt16(bigEndian: storage.sin6_port) : nil
    }
}

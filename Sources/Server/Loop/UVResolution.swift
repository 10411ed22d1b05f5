import CUV
import Glibc
import Redis

/// A numeric address and port as the system wants them.
@safe
struct SocketAddress {
    private var storage = sockaddr_storage()

    /// Copies an address of `count` bytes, at most as many as any kind of address has.
    init?(_ address: UnsafePointer<sockaddr>?, count: Int) {
        guard let address = unsafe address, count <= MemoryLayout<sockaddr_storage>.size else {
            return nil
        }
        unsafe withUnsafeMutableBytes(of: &storage) { storage in
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        unsafe withUnsafeBytes(of: storage) { storage in
            let address = unsafe storage.assumingMemoryBound(to: sockaddr.self).baseAddress
            // The storage has a size of its own, so it has an address.
            return unsafe body(address.unsafelyUnwrapped)
        }
    }
}

/// Asks for the addresses of a host, beside the loop.
///
/// Keeps itself alive until the answer is there.
@safe
final class UVResolution {
    private let raw = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
    private let host: String
    private var onAnswer: ((Result<[SocketAddress], RedisError>) -> Void)?

    /// Begins to ask; `onAnswer` is called after this call.
    init?(
        of host: String, port: UInt16, on loop: UVLoop,
        _ onAnswer: @escaping (Result<[SocketAddress], RedisError>) -> Void
    ) {
        self.host = host
        self.onAnswer = onAnswer
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe raw.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let code = unsafe uv_getaddrinfo(
            loop.pointer, raw,
            { request, status, found in
                defer { unsafe uv_freeaddrinfo(found) }
                guard let data = unsafe request?.pointee.data else { return }
                let own = unsafe Unmanaged<UVResolution>.fromOpaque(data).takeRetainedValue()
                own.onAnswer?(unsafe own.answer(status, found))
            }, host, String(port), &hints)
        if code != 0 {
            unsafe Unmanaged.passUnretained(self).release()
            return nil
        }
    }

    deinit { unsafe raw.deallocate() }

    /// Nobody wants the answer.
    func cancel() { onAnswer = nil }

    private func answer(
        _ status: Int32, _ found: UnsafeMutablePointer<addrinfo>?
    ) -> Result<[SocketAddress], RedisError> {
        guard status == 0 else {
            return .failure(
                RedisError(.disconnected, "the host '\(host)' is not found: \(uvMessage(status))"))
        }
        var addresses: [SocketAddress] = []
        var next = unsafe found
        while let candidate = unsafe next?.pointee {
            if let address = unsafe SocketAddress(
                candidate.ai_addr, count: Int(candidate.ai_addrlen))
            {
                addresses.append(address)
            }
            unsafe next = candidate.ai_next
        }
        return .success(addresses)
    }
}

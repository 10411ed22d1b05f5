import Glibc

/// One kept-alive connection with at most one request under way.
struct LoadConnection {
    let descriptor: Int32
    private(set) var receivedBytes = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var filled = 0
    private var sentAt: UInt64 = 0

    init(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe connect(
                descriptor, UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        if result != 0 { fail("cannot connect to port \(port)") }
        var flag: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &flag,
            socklen_t(MemoryLayout<Int32>.size))
    }

    mutating func send(_ request: [UInt8]) {
        sentAt = monotonicNanoseconds()
        var sent = 0
        while sent < request.count {
            let count = unsafe request.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { fail("the server closed a connection") }
            sent += count
        }
    }

    /// Takes what is there.
    ///
    /// - Returns: when the request was sent, once its answer is complete.
    mutating func receive() -> UInt64? {
        if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe recv(
                descriptor, bytes.baseAddress.map { unsafe $0 + filled }, bytes.count - filled, 0)
        }
        if count <= 0 { fail("the server closed a connection") }
        filled += count
        receivedBytes += count
        guard let length = answerLength(), filled >= length else { return nil }
        if filled > length { fail("an answer is longer than it says") }
        filled = 0
        return sentAt
    }

    /// Head and body, once the head is there.
    private func answerLength() -> Int? {
        let limit = min(filled, 4096)
        var lineStart = 0
        var length: Int?
        for index in 1..<max(1, limit)
        where buffer[index] == 10 && buffer[index - 1] == 13 {
            let line = buffer[lineStart..<index - 1]
            if line.isEmpty { return length.map { $0 + index + 1 } ?? failWithoutLength() }
            if lineStart == 0, !line.starts(with: Array("HTTP/1.1 200".utf8)) {
                fail("the server answers \(String(decoding: line, as: UTF8.self))")
            }
            length = contentLength(line) ?? length
            lineStart = index + 1
        }
        return nil
    }

    private func contentLength(_ line: ArraySlice<UInt8>) -> Int? {
        let name = Array("content-length:".utf8)
        guard line.count > name.count,
            zip(line, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        return line.dropFirst(name.count).reduce(0) { sum, byte in
            byte == 32 ? sum : sum * 10 + Int(byte) - 48
        }
    }

    private func failWithoutLength() -> Int { fail("an answer has no Content-Length") }
}

import Foundation
import Glibc
import Server

/// A blocking client of one connection; no wait is longer than its patience.
final class LoopbackClient {
    struct Answer {
        var status: Int
        var fields: [String: String]
        var body: String

        /// The body as JSON, with strings of JSON in it left as they are.
        func json() throws -> Any {
            try JSONSerialization.jsonObject(with: Data(body.utf8), options: .fragmentsAllowed)
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ address: ListenAddress, patience seconds: Int = 10) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_port = address.port.bigEndian
        peer.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &peer) { peer in
            unsafe peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failure(description: "cannot connect: error \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send([UInt8](text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(description: "cannot send: error \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more comes.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes closing break the connection with a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// The next answer.
    func answer(toHead: Bool = false) throws -> Answer {
        let end = [UInt8]("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { try read() }
        let headEnd = buffer.firstRange(of: end)?.lowerBound ?? 0
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).components(
            separatedBy: "\r\n")
        buffer.removeFirst(headEnd + 4)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.components(separatedBy: ": ")
            fields[parts[0].lowercased()] = parts.dropFirst().joined(separator: ": ")
        }
        let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        let count = toHead ? 0 : Int(fields["content-length"] ?? "") ?? 0
        while buffer.count < count { try read() }
        let body = String(decoding: buffer.prefix(count), as: UTF8.self)
        buffer.removeFirst(count)
        return Answer(status: status, fields: fields, body: body)
    }

    /// Whether the peer closes, without another byte.
    func isAtEnd() -> Bool {
        do {
            try read()
            return false
        } catch {
            return buffer.isEmpty
        }
    }

    /// Everything until the peer closes.
    func rest() -> String {
        while (try? read()) != nil {}
        return String(decoding: buffer, as: UTF8.self)
    }

    private func read() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe chunk.withUnsafeMutableBytes { chunk in
            unsafe recv(descriptor, chunk.baseAddress, chunk.count, 0)
        }
        guard count > 0 else {
            throw Failure(description: count == 0 ? "closed" : "cannot read: error \(errno)")
        }
        buffer += chunk[..<count]
    }
}

/// A server on a free port with the service of the tests, stopped at the end of `body`.
func withServer(
    loops: Int = 1, limits: ServerLimits = ServerLimits(),
    service: MemoryService = MemoryService(), _ body: (HTTPServer) throws -> Void
) throws {
    let server = try HTTPServer(
        listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: loops, limits: limits)
    try server.start { service }
    defer {
        server.stop()
        server.stop()
    }
    try body(server)
    server.stop()
    server.stop()
    try server.wait()
}

/// A request with a JSON body.
func post(_ path: String, _ body: String, _ fields: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// A request without a body.
func get(_ path: String, _ fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
}

/// A request for the doubles of `ids`.
func doubles(of ids: [Int]) -> String {
    post("/get-online-features", #"{"feature_service":"doubling","entities":{"id":\#(ids)}}"#)
}

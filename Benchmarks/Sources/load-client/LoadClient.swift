import Glibc

// Asks an HTTP server as fast as it answers: each connection sends its next request when the last
// one is answered. One thread and plain sockets, so that a core of its own keeps it far below the
// cost of any server it measures.
//
//     load-client PORT PATH BODIES CONNECTIONS SECONDS
//
// BODIES is a file with one JSON body per line; connections take them in turn. One JSON object with
// the number of requests, the seconds and the latencies' percentiles is written to standard output.

@main
struct LoadClient {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 6, let port = UInt16(arguments[1]),
            let count = Int(arguments[4]), count > 0, let seconds = Double(arguments[5])
        else { fail("usage: load-client PORT PATH BODIES CONNECTIONS SECONDS") }
        let requests = requests(in: arguments[3], port: port, path: arguments[2])
        var run = LoadRun(port: port, requests: requests, connections: count)
        run.go(nanoseconds: UInt64(seconds * 1e9))
        write(run.report)
    }

    private static func requests(in file: String, port: UInt16, path: String) -> [[UInt8]] {
        let bodies = contents(of: file).split(separator: UInt8(ascii: "\n"))
        if bodies.isEmpty { fail("\(file) has no requests") }
        return bodies.map { body in
            let head =
                "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
            return Array(head.utf8) + body
        }
    }

    private static func contents(of file: String) -> [UInt8] {
        let descriptor = unsafe open(file, O_RDONLY)
        if descriptor < 0 { fail("cannot read \(file)") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count <= 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    private static func write(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = unsafe Glibc.write(1, line, line.count)
    }
}

/// Ends the program: a benchmark that goes on after a failure measures nothing.
func fail(_ message: String) -> Never {
    let line = Array("load-client: \(message)\n".utf8)
    _ = unsafe write(2, line, line.count)
    exit(1)
}

import Glibc

/// All connections of one measurement, and what they saw.
struct LoadRun {
    private let requests: [[UInt8]]
    private var connections: [LoadConnection]
    private var next = 0
    private var latencies: [UInt64] = []
    private var elapsed: UInt64 = 0

    init(port: UInt16, requests: [[UInt8]], connections: Int) {
        self.requests = requests
        self.connections = (0..<connections).map { _ in LoadConnection(port: port) }
        latencies.reserveCapacity(1 << 20)
    }

    /// Asks until the time is over and everything that was asked is answered.
    mutating func go(nanoseconds: UInt64) {
        let start = monotonicNanoseconds()
        for index in connections.indices { sendNext(on: index) }
        var polled = connections.map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        var open = connections.count
        while open > 0 {
            if unsafe poll(&polled, nfds_t(polled.count), 10_000) <= 0 { fail("no answer in 10 s") }
            for index in polled.indices where polled[index].revents != 0 {
                guard let asked = connections[index].receive() else { continue }
                let now = monotonicNanoseconds()
                latencies.append(now - asked)
                if now - start < nanoseconds {
                    sendNext(on: index)
                } else {
                    polled[index].fd = -1
                    open -= 1
                }
            }
        }
        elapsed = monotonicNanoseconds() - start
    }

    private mutating func sendNext(on index: Int) {
        connections[index].send(requests[next % requests.count])
        next += 1
    }

    /// One JSON object.
    var report: String {
        let sorted = latencies.sorted()
        func microseconds(_ share: Double) -> Double {
            Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) / 1000
        }
        let bytes = connections.reduce(0) { $0 + $1.receivedBytes }
        return "{\"requests\": \(sorted.count), \"seconds\": \(Double(elapsed) / 1e9), "
            + "\"p50_us\": \(microseconds(0.5)), \"p99_us\": \(microseconds(0.99)), "
            + "\"bytes\": \(bytes)}"
    }
}

func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

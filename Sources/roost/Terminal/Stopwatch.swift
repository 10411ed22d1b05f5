import Glibc

/// Time since its start, and the most memory the process ever held.
struct Stopwatch {
    private let start = ContinuousClock.now

    /// Seconds since the start.
    var seconds: Double {
        let elapsed = ContinuousClock.now - start
        let parts = elapsed.components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// The peak of resident memory in bytes.
    static var peakMemory: Int {
        var usage = rusage()
        return unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0
            ? usage.ru_maxrss * 1024 : 0
    }

    /// `2.1 s, peak memory 312.0 MB`
    var summary: String {
        "\(seconds.rounded(to: 2)) s, peak memory \(Self.peakMemory.byteText)"
    }
}

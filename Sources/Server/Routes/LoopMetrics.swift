import Synchronization
import Values

/// What one loop counts. Plain numbers: only the loop's own thread changes them.
struct LoopMetrics: Sendable {
    /// The upper ends of the buckets of the time from a whole request to its answer, in seconds.
    static let bucketEnds = [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
    ]

    private static let statuses = HTTPStatus.allCases

    private(set) var answers = Array(
        repeating: 0, count: Route.allCases.count * HTTPStatus.allCases.count)
    private(set) var buckets = Array(
        repeating: 0, count: Route.allCases.count * (bucketEnds.count + 1))
    private(set) var nanoseconds = Array(repeating: UInt64(0), count: Route.allCases.count)
    var entities = 0
    var openConnections = 0
    var acceptedConnections = 0
    var refusedConnections = 0
    var receivedBytes = 0
    var sentBytes = 0

    mutating func count(_ route: Route, _ status: HTTPStatus, nanoseconds: UInt64) {
        let place = Self.statuses.firstIndex(of: status) ?? 0
        answers[route.rawValue * Self.statuses.count + place] += 1
        let seconds = Double(nanoseconds) / 1e9
        let bucket = Self.bucketEnds.firstIndex { seconds <= $0 } ?? Self.bucketEnds.count
        buckets[route.rawValue * (Self.bucketEnds.count + 1) + bucket] += 1
        self.nanoseconds[route.rawValue] += nanoseconds
    }

    mutating func add(_ other: LoopMetrics) {
        for index in answers.indices { answers[index] += other.answers[index] }
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        for index in nanoseconds.indices { nanoseconds[index] += other.nanoseconds[index] }
        entities += other.entities
        openConnections += other.openConnections
        acceptedConnections += other.acceptedConnections
        refusedConnections += other.refusedConnections
        receivedBytes += other.receivedBytes
        sentBytes += other.sentBytes
    }

    /// How many answers of `status` a route gave.
    func count(of route: Route, _ status: HTTPStatus) -> Int {
        let place = Self.statuses.firstIndex(of: status) ?? 0
        return answers[route.rawValue * Self.statuses.count + place]
    }
}

/// What the loops counted, as of each one's last tick: the only thing that loops share, and no
/// request waits for it but a look at the metrics.
final class MetricsBoard: Sendable {
    private let published: Mutex<[LoopMetrics]>

    init(loops: Int) {
        published = Mutex(Array(repeating: LoopMetrics(), count: loops))
    }

    func publish(_ metrics: LoopMetrics, of loop: Int) {
        published.withLock { $0[loop] = metrics }
    }

    /// The sum of all loops.
    func total() -> LoopMetrics {
        published.withLock { loops in
            loops.reduce(into: LoopMetrics()) { $0.add($1) }
        }
    }
}

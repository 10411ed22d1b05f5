public import PointInTime
import Synchronization

/// What processors have done since they began, for people and monitors. Rows that are read again
/// after a restart count again.
public final class StreamCounters: Sendable {
    /// The numbers of one sink.
    public struct Numbers: Sendable {
        /// What became of rows, by the view's rules.
        public var rows = RowCounts()
        /// Records that were read.
        public var records = 0
        /// Records that were no rows.
        public var rejected = 0
        /// How often a claim found another's token.
        public var fences = 0
        /// How often a sink was found set back.
        public var rewinds = 0
        /// How often the group was left and joined again.
        public var departures = 0
        /// By partition when its newest row happened, and when rows last came of it.
        var newest: [Int32: (event: Int64, came: ContinuousClock.Instant)] = [:]
    }

    /// A partition that brings no rows for so long does not hold the watermark back.
    public static let idleTime: Duration = .seconds(60)

    private let numbers = Mutex<[String: Numbers]>([:])

    /// Starts at zero.
    public init() {}

    /// The numbers of each view and of `log`, by name.
    public var all: [String: Numbers] { numbers.withLock(\.self) }

    func add(_ counts: RowCounts, to name: String) {
        count(name) { $0.rows.add(counts) }
    }

    /// Up to when rows have come of every partition that is not idle: the newest event time of the
    /// one that is furthest behind, in microseconds since 1970; nil while all are idle.
    public func watermark(
        of name: String, at now: ContinuousClock.Instant = .now
    ) -> Int64? {
        let newest = numbers.withLock { $0[name]?.newest ?? [:] }
        return newest.values.filter { now - $0.came < Self.idleTime }.map(\.event).min()
    }

    func note(_ event: Int64, _ partition: Int32, of name: String) {
        count(name) { numbers in
            let before = numbers.newest[partition]?.event ?? event
            numbers.newest[partition] = (max(before, event), .now)
        }
    }

    func count(_ name: String, _ change: (inout Numbers) -> Void) {
        numbers.withLock { change(&$0[name, default: Numbers()]) }
    }
}

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
    }

    private let numbers = Mutex<[String: Numbers]>([:])

    /// Starts at zero.
    public init() {}

    /// The numbers of each view and of `log`, by name.
    public var all: [String: Numbers] { numbers.withLock(\.self) }

    func add(_ counts: RowCounts, to name: String) {
        count(name) { $0.rows.add(counts) }
    }

    func count(_ name: String, _ change: (inout Numbers) -> Void) {
        numbers.withLock { change(&$0[name, default: Numbers()]) }
    }
}

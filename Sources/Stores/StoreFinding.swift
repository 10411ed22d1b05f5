/// One thing that was looked at in a store, for people who look after it.
public struct StoreFinding: Hashable, Sendable {
    /// How it is.
    public enum Verdict: String, Hashable, Sendable, Comparable {
        /// As it should be.
        case ok
        /// It works, and something may go wrong.
        case warn
        /// It does not work, or data is not safe.
        case fail

        /// The worse is the greater.
        public static func < (left: Verdict, right: Verdict) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warn: 1
            case .fail: 2
            }
        }
    }

    /// How it is.
    public let verdict: Verdict
    /// What was seen.
    public let message: String
    /// What to do about it; nil when there is nothing to do.
    public let remedy: String?

    /// Makes a finding.
    public init(_ verdict: Verdict, _ message: String, remedy: String? = nil) {
        self.verdict = verdict
        self.message = message
        self.remedy = remedy
    }

    /// An error as a finding.
    public init(_ error: StoreError) {
        self.init(.fail, error.message, remedy: error.hint)
    }
}

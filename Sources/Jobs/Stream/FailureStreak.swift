/// For how long failures have followed each other.
struct FailureStreak {
    /// Without a failure for so long a streak is over.
    private static let rest: Duration = .seconds(30)

    private var span: ClosedRange<ContinuousClock.Instant>?

    /// From the first failure to the last.
    var duration: Duration { span.map { $0.upperBound - $0.lowerBound } ?? .zero }

    /// Something has failed.
    mutating func note(at now: ContinuousClock.Instant = .now) {
        let first = span.flatMap { now - $0.upperBound > Self.rest ? nil : $0.lowerBound } ?? now
        span = first...now
    }
}

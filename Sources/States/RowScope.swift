package import Planning
package import Values

/// Which rows the base of a generation is built of: those that an asking time equal to its cut sees.
/// The others are for the stream to bring, so that each row is in one of both.
package struct RowScope: Sendable {
    /// What is built as of.
    package let cut: EventTime
    private let delay: Int64
    private let isEverything: Bool

    /// All rows, for states that are asked at `cut` or later.
    package static func everything(askedFrom cut: EventTime) -> RowScope { RowScope(from: cut) }

    private init(from cut: EventTime) {
        self.cut = cut
        delay = 0
        isEverything = true
    }

    /// The rows of a base.
    ///
    /// - Parameters:
    ///   - view: the view that is built.
    ///   - cut: what it is built as of.
    package init(_ view: ViewPlan, cut: EventTime) {
        self.cut = cut
        isEverything = false
        switch view.refresh {
        case .stream(let visibleDelay): delay = visibleDelay.microseconds
        case .every: delay = 0
        }
    }

    /// Whether a row has happened before the cut and is known at it.
    package func contains(event: Int64, known: Int64) -> Bool {
        if isEverything { return true }
        let (visible, overflow) = known.addingReportingOverflow(delay)
        return !overflow && visible <= cut.microseconds && event < cut.microseconds
    }
}

import Synchronization

/// Adds up what the workers read, and tells.
final class ProgressMeter: Sendable {
    private let source: String
    private let step: MaterializeProgress.Step
    private let total: Int
    private let tell: (@Sendable (MaterializeProgress) -> Void)?
    private let rows = Atomic<Int>(0)

    init(
        source: String, step: MaterializeProgress.Step, total: Int,
        tell: (@Sendable (MaterializeProgress) -> Void)?
    ) {
        self.source = source
        self.step = step
        self.total = total
        self.tell = tell
    }

    func add(_ count: Int) {
        let sum = rows.wrappingAdd(count, ordering: .relaxed).newValue
        tell?(MaterializeProgress(source: source, step: step, rows: sum, totalRows: total))
    }
}

import Glibc
import Jobs
import Synchronization

/// Shows how far a job is: one line that is written over on a terminal, a JSON line a second for
/// programs, nothing otherwise.
final class ProgressLine: Sendable {
    private struct State {
        var last = -1.0
        var hasLine = false
    }

    private let console: Console
    private let isJSON: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let watch = Stopwatch()
    private let state = Mutex(State())

    init(console: Console, isJSON: Bool) {
        self.console = console
        self.isJSON = isJSON
    }

    /// Tells of `progress`, unless it told a moment ago.
    func show(_ progress: MaterializeProgress) {
        guard isJSON || isTerminal else { return }
        state.withLock { state in
            let seconds = watch.seconds
            guard seconds - state.last >= (isJSON ? 1 : 0.1) else { return }
            state.last = seconds
            let rate = Double(progress.rows) / max(seconds, 0.001)
            let left = Double(progress.totalRows - progress.rows) / max(rate, 1)
            if isJSON {
                console.print(
                    JSONValue.object([
                        "progress": .string(progress.source), "rows": .count(progress.rows),
                        "total_rows": .count(progress.totalRows),
                        "rows_per_second": .count(Int(rate)), "seconds_left": .double(left),
                    ]).line)
            } else {
                state.hasLine = true
                console.complainInPlace(
                    "\(progress.source): \(progress.rows.grouped) of "
                        + "\(progress.totalRows.grouped) rows, \(Int(rate).grouped) rows/s, "
                        + "\(left.rounded(to: 0)) s left")
            }
        }
    }

    /// Removes the line from the terminal.
    func clear() {
        state.withLock { state in
            if state.hasLine { console.complainInPlace("") }
            state.hasLine = false
        }
    }
}

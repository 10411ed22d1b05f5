import Glibc
import Jobs
import Synchronization

/// Shows how far a job is: one line that is written over on a terminal, a JSON line a second for
/// programs, nothing otherwise.
final class ProgressLine: Sendable {
    private struct State {
        var task = ""
        var watch = Stopwatch()
        var last = -1.0
        var hasLine = false
    }

    private let console: Console
    private let isJSON: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(console: Console, isJSON: Bool) {
        self.console = console
        self.isJSON = isJSON
    }

    /// Tells of `progress`, unless it told a moment ago.
    func show(_ progress: MaterializeProgress) {
        show(
            progress.source, step: progress.step.rawValue, progress.rows,
            of: progress.totalRows, unit: "rows")
    }

    /// Tells that `done` of `total` units of `task` are done, unless it told a moment ago.
    func show(_ task: String, step: String, _ done: Int, of total: Int, unit: String) {
        guard isJSON || isTerminal else { return }
        state.withLock { state in
            if state.task != "\(task) \(step)" {
                state = State(task: "\(task) \(step)", hasLine: state.hasLine)
            }
            let seconds = state.watch.seconds
            guard seconds - state.last >= (isJSON ? 1 : 0.1) else { return }
            state.last = seconds
            let rate = Double(done) / max(seconds, 0.001)
            let left = Double(max(0, total - done)) / max(rate, 1e-3)
            if isJSON {
                console.print(
                    JSONValue.object([
                        "progress": .string(task), "step": .string(step), "\(unit)": .count(done),
                        "total_\(unit)": .count(total), "\(unit)_per_second": .double(rate),
                        "seconds_left": .double(left),
                    ]).line)
            } else {
                state.hasLine = true
                console.complainInPlace(
                    "\(task) (\(step)): \(done.grouped) of \(total.grouped) \(unit), "
                        + "\(rate < 100 ? rate.rounded(to: 1) : Int(rate).grouped) \(unit)/s, "
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

import States
import Values

/// Merges sorted runs of states, of which several may have the same entity.
struct StateMerge {
    private enum Run {
        case memory(ArraySlice<(key: [UInt8], state: ViewState)>)
        case disk(SpilledRun, head: (key: [UInt8], value: [UInt8])?)
    }

    private let layout: StateLayout
    private var runs: [Run] = []

    init(layout: StateLayout, of parts: [EntityStates]) throws(JobError) {
        self.layout = layout
        for part in parts {
            runs.append(.memory(part.sorted()[...]))
            for run in part.runs { runs.append(.disk(run, head: try run.next())) }
        }
    }

    /// The next entity, in ascending order of keys, with all its rows; nil at the end.
    mutating func next() throws -> (key: [UInt8], state: ViewState)? {
        var least: [UInt8]?
        for run in runs {
            guard let key = key(of: run) else { continue }
            if least.map({ key.lexicographicallyPrecedes($0) }) ?? true { least = key }
        }
        guard let least else { return nil }
        var merged: ViewState?
        for index in runs.indices where key(of: runs[index]) == least {
            let state = try take(index)
            if merged?.merge(state) == nil { merged = state }
        }
        return merged.map { (least, $0) }
    }

    /// The next entity whose state is worth keeping at `cut`, with the bytes that a store keeps;
    /// nil at the end.
    mutating func next(at cut: EventTime) throws -> (key: [UInt8], state: [UInt8])? {
        while let (key, state) = try next() {
            if !state.isExpired(at: cut) { return (key, state.pruned(to: cut).encoded) }
        }
        return nil
    }

    private func key(of run: Run) -> [UInt8]? {
        switch run {
        case .memory(let rest): rest.first?.key
        case .disk(_, let head): head?.key
        }
    }

    private mutating func take(_ index: Int) throws -> ViewState {
        switch runs[index] {
        case .memory(var rest):
            let first = rest.removeFirst()
            runs[index] = .memory(rest)
            return first.state
        case .disk(let run, let head):
            runs[index] = .disk(run, head: try run.next())
            return try ViewState(layout, encoded: head?.value ?? [])
        }
    }
}

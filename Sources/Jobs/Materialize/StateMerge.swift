import States
import Values

// What workers encoded is final unless another run has rows of the same entity; then its states are
// read again, merged and encoded anew. Pruning commutes with merging, so a state that was pruned
// before gives the same bytes.

/// Merges sorted runs of states, of which several may have the same entity.
struct StateMerge {
    private enum Run {
        case memory(EncodedStates, next: Int)
        case disk(SpilledRun, head: (key: [UInt8], value: [UInt8])?)

        /// The key that is next, or nil at the end.
        var key: ArraySlice<UInt8>? {
            switch self {
            case .memory(let states, let next): next < states.count ? states.key(at: next) : nil
            case .disk(_, let head): head?.key[...]
            }
        }
    }

    private let layout: StateLayout
    private var runs: [Run] = []

    init(layout: StateLayout, of parts: [EntityStates]) throws(JobError) {
        self.layout = layout
        for part in parts {
            runs.append(.memory(part.encoded, next: 0))
            for run in part.runs { runs.append(.disk(run, head: try run.next())) }
        }
    }

    /// The next entity whose state is worth keeping, in ascending order of keys.
    ///
    /// - Parameter cut: what the parts were folded as of.
    /// - Returns: its key and the bytes that a store keeps; nil at the end.
    /// - Throws: `JobError` for a spilled file that cannot be read.
    mutating func next(at cut: EventTime) throws -> (key: [UInt8], state: [UInt8])? {
        while let (first, isShared) = least(), let key = runs[first].key.map(Array.init) {
            if !isShared, case .memory(let states, let next) = runs[first] {
                runs[first] = .memory(states, next: next + 1)
                return (key, Array(states.value(at: next)))
            }
            var merged = ViewState(layout)
            for index in runs.indices where runs[index].key == key[...] {
                merged.merge(try ViewState(layout, encoded: take(index)))
            }
            if merged.isExpired(at: cut) { continue }
            return (key, merged.pruned(to: cut).encoded)
        }
        return nil
    }

    /// A run that has the least key, and whether others have it too.
    private func least() -> (run: Int, isShared: Bool)? {
        var least: (run: Int, key: ArraySlice<UInt8>)?
        var isShared = false
        for index in runs.indices {
            guard let key = runs[index].key else { continue }
            let order = least.map { key.order(to: $0.key) } ?? -1
            if order == 0 { isShared = true }
            if order < 0 {
                least = (index, key)
                isShared = false
            }
        }
        return least.map { ($0.run, isShared) }
    }

    /// The state that is next in a run, which goes on to the one behind it.
    private mutating func take(_ index: Int) throws(JobError) -> [UInt8] {
        switch runs[index] {
        case .memory(let states, let next):
            runs[index] = .memory(states, next: next + 1)
            return Array(states.value(at: next))
        case .disk(let run, let head):
            runs[index] = .disk(run, head: try run.next())
            return head?.value ?? []
        }
    }
}

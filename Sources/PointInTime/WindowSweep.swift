import Columns

// The sweep: one pass per entity over its rows and its queries, both in order of time.
//
// Idea. A window looks back from the asking time, so of the rows that are visible it holds those at
// or after a lower bound. Asking times ascend, hence the bound only moves forward: a row enters the
// window when it becomes visible (unless the bound has passed it already) and leaves it when the
// bound passes it. Late rows enter in the middle; nothing is ever asked for twice.
//
// Invariant. After the steps before `emit`, the window state has folded exactly the rows at
// positions >= `lowest` that are visible and pass the feature's filter.
//
// Cost. O(rows + queries) steps per entity and window; a step is O(1) for invertible aggregates and
// O(log n) for the others. Memory is that of one entity's window.

/// The rows inside a moving window, as one aggregate sees them.
///
/// A position is a row's place in the entity's order of (event time, known-at, value).
protocol WindowState: ~Copyable {
    /// Starts another entity.
    mutating func reset()
    /// The row at `position` comes in; positions may arrive in any order.
    mutating func enter(position: Int, row: Int)
    /// The row at `position`, which came in before, goes out; positions leave in ascending order.
    mutating func leave(position: Int, row: Int)
    /// Appends the aggregate of the window, whose positions start at `lowest`, to the results.
    mutating func emit(lowest: Int)
}

/// One feature's walk over a partition.
struct WindowSweep {
    let rows: PartitionRows
    let queryStarts: [Int]
    let seen: FixedValues<Int64>
    /// For each query the least event time inside the window.
    let lowerBounds: FixedValues<Int64>
    /// The row at each position.
    let order: FixedValues<Int32>
    /// Rows that do not pass are in no window; nil when all pass.
    let filter: Bitmap?
    /// At most so many rows, the newest, are inside the window.
    let maxRows: Int

    /// Walks all entities, emitting one result per query in the order of the queries.
    ///
    /// - Returns: how many entities had a window with more than `maxRows` rows.
    func run<State: WindowState & ~Copyable>(_ state: inout State) -> Int {
        var inside = [Bool](repeating: false, count: rows.eventTimes.count)
        var overflowed = 0
        for entity in 0..<(queryStarts.count - 1)
        where queryStarts[entity] < queryStarts[entity + 1] {
            state.reset()
            if sweep(entity, &state, &inside) { overflowed += 1 }
        }
        return overflowed
    }

    private func sweep<State: WindowState & ~Copyable>(
        _ entity: Int, _ state: inout State, _ inside: inout [Bool]
    ) -> Bool {
        let end = rows.starts[entity + 1]
        var arrival = rows.starts[entity]
        var lowest = arrival
        var count = 0
        var overflowed = false

        func dropLowest() {
            if inside[lowest] {
                inside[lowest] = false
                count -= 1
                state.leave(position: lowest, row: Int(order[lowest]))
            }
            lowest += 1
        }

        for query in queryStarts[entity]..<queryStarts[entity + 1] {
            while arrival < end {
                let position = Int(rows.arrivals[arrival])
                guard rows.visibleFrom[position] <= seen[query] else { break }
                arrival += 1
                let row = Int(order[position])
                guard position >= lowest, filter?[row] ?? true else { continue }
                inside[position] = true
                count += 1
                state.enter(position: position, row: row)
            }
            while lowest < end, rows.eventTimes[lowest] < lowerBounds[query] { dropLowest() }
            overflowed = overflowed || count > maxRows
            while count > maxRows { dropLowest() }
            state.emit(lowest: lowest)
        }
        return overflowed
    }
}

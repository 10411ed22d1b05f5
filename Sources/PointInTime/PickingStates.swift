import Columns
import Values

// Aggregates whose result is one or several of the values they saw. They emit row numbers; the
// values are gathered once at the end, so one piece of code serves every type.

/// A sorted run of positions from which the window's tail falls off at the front.
///
/// Positions mostly arrive in ascending order, so adding is an append; a late one is inserted by
/// moving what lies behind it or what lies before it, whichever is less, so that rows that became
/// known newest first cost no more.
struct PositionQueue {
    /// A row and its place in the entity's order.
    struct Entry {
        let position: Int
        let row: Int32
    }

    private var entries: [Entry] = []
    private var head = 0

    /// How many positions are queued.
    var count: Int { entries.count - head }

    /// The queued entries, by ascending position.
    var queued: ArraySlice<Entry> { entries[head...] }

    /// The entry at `index`, counted from the head.
    subscript(index: Int) -> Entry { entries[head + index] }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        head = 0
    }

    /// The index of the first position that is not below `position`.
    func index(atOrAfter position: Int) -> Int {
        guard let last = entries.last, position <= last.position else { return count }
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low - head
    }

    mutating func insert(_ position: Int, row: Int32, at index: Int) {
        let entry = Entry(position: position, row: row)
        if index == count {
            entries.append(entry)
        } else if index < count / 2 {
            openHead()
            head -= 1
            for place in head..<(head + index) { entries[place] = entries[place + 1] }
            entries[head + index] = entry
        } else {
            entries.insert(entry, at: head + index)
        }
    }

    /// Makes room in front of the head, as much as is queued, when there is none.
    private mutating func openHead() {
        guard head == 0, let filler = entries.first else { return }
        head = entries.count
        entries.insert(contentsOf: repeatElement(filler, count: head), at: 0)
    }

    mutating func remove(_ range: Range<Int>) {
        if range.upperBound == count {
            entries.removeLast(range.count)
        } else {
            entries.removeSubrange(head + range.lowerBound..<head + range.upperBound)
        }
    }

    /// Drops the lowest position.
    mutating func dropFirst() {
        head += 1
        compact()
    }

    /// Drops all positions below `lowest`. Complexity: amortised O(1).
    mutating func dropPositions(below lowest: Int) {
        while head < entries.count, entries[head].position < lowest { head += 1 }
        compact()
    }

    /// Gives back the room in front of the head once it is the larger part.
    private mutating func compact() {
        if head > 64, head * 2 > entries.count {
            entries.removeSubrange(0..<head)
            head = 0
        }
    }
}

/// Picks the first value in an order (the minimum) of a moving window.
///
/// Keeps the staircase of rows that no later row beats: values do not descend along positions, so
/// the answer for any tail is the first row at or after it. A late row that a later one beats
/// changes nothing; otherwise it removes the earlier ones that it beats. Each row is added and
/// removed at most once.
struct ExtremeState<Order: RowOrder>: WindowState, ~Copyable {
    private let input: Column
    private let nulls: NullRows
    private let order: Order
    private var staircase = PositionQueue()
    private var picks: SinglePick

    init(input: Column, order: Order, queries: Int) {
        self.input = input
        nulls = NullRows(of: input)
        self.order = order
        picks = SinglePick(queries: queries)
    }

    mutating func reset() { staircase.removeAll() }

    mutating func enter(position: Int, row: Int) {
        if nulls[row] { return }
        let row = Int32(row)
        let index = staircase.index(atOrAfter: position)
        if index < staircase.count, !order.precedes(row, staircase[index].row) { return }
        var first = index
        while first > 0, !order.precedes(staircase[first - 1].row, row) { first -= 1 }
        if first < index { staircase.remove(first..<index) }
        staircase.insert(position, row: row, at: first)
    }

    mutating func leave(position: Int, row: Int) {}

    mutating func emit(lowest: Int) {
        staircase.dropPositions(below: lowest)
        picks.append(staircase.count > 0 ? staircase[0].row : nil)
    }

    consuming func finish() -> Column { input.gathering(picks.finish()) }
}

/// Picks the values of the earliest rows of a moving window, ascending.
struct FirstState<Picks: PickList & ~Copyable>: WindowState, ~Copyable {
    private let nulls: NullRows
    private var queue = PositionQueue()
    private var picks: Picks

    init(input: Column, picks: consuming Picks) {
        nulls = NullRows(of: input)
        self.picks = picks
    }

    mutating func reset() { queue.removeAll() }

    mutating func enter(position: Int, row: Int) {
        if nulls[row] { return }
        queue.insert(position, row: Int32(row), at: queue.index(atOrAfter: position))
    }

    mutating func leave(position: Int, row: Int) {}

    mutating func emit(lowest: Int) {
        queue.dropPositions(below: lowest)
        picks.append(queue.queued.prefix(picks.limit))
    }

    consuming func finishPicks() -> Picks { picks }
}

/// Picks the values of the latest rows of a moving window, ascending.
///
/// A window reaches to the asking time, so only the `limit` latest rows can ever be asked for.
struct LastState<Picks: PickList & ~Copyable>: WindowState, ~Copyable {
    private let nulls: NullRows
    private var queue = PositionQueue()
    private var picks: Picks

    /// Picks rows whose `input` is not null; any row when there is no input.
    init(input: Column?, picks: consuming Picks) {
        nulls = NullRows(of: input)
        self.picks = picks
    }

    mutating func reset() { queue.removeAll() }

    mutating func enter(position: Int, row: Int) {
        if nulls[row] { return }
        let index = queue.index(atOrAfter: position)
        if queue.count == picks.limit {
            if index == 0 { return }
            queue.insert(position, row: Int32(row), at: index)
            queue.dropFirst()
        } else {
            queue.insert(position, row: Int32(row), at: index)
        }
    }

    mutating func leave(position: Int, row: Int) {}

    mutating func emit(lowest: Int) {
        queue.dropPositions(below: lowest)
        picks.append(queue.queued)
    }

    consuming func finishPicks() -> Picks { picks }
}

public import Values

/// A value with what decides whether it is older or newer than another.
///
/// Two compare equal only if they are the same in all three: such rows are interchangeable.
public struct RankedValue: Sendable {
    /// When it happened.
    public var eventTime: EventTime
    /// When it became known.
    public var knownAt: EventTime
    /// The value.
    public var value: Scalar

    /// Makes a ranked value.
    public init(eventTime: EventTime, knownAt: EventTime, value: Scalar) {
        self.eventTime = eventTime
        self.knownAt = knownAt
        self.value = value
    }
}

extension RankedValue: Comparable {
    /// Event time decides, then known-at, then the value.
    public static func < (left: RankedValue, right: RankedValue) -> Bool {
        if left.eventTime != right.eventTime { return left.eventTime < right.eventTime }
        if left.knownAt != right.knownAt { return left.knownAt < right.knownAt }
        return ValueOrder.compare(left.value, right.value) < 0
    }

    /// Whether neither is older; strings are the same when their bytes are.
    public static func == (left: RankedValue, right: RankedValue) -> Bool {
        left.eventTime == right.eventTime && left.knownAt == right.knownAt
            && ValueOrder.compare(left.value, right.value) == 0
    }
}

/// The oldest or the newest of all rows folded, at most `capacity`, duplicates counted twice.
///
/// What it holds is defined by the rows alone: keeping the extreme n of a union needs only the
/// extreme n of each part, so merging is associative and commutative.
package struct RankedRows: Sendable {
    /// Which rows stay when there are too many.
    package enum End: Sendable { case oldest, newest }

    package let end: End
    package let capacity: Int
    /// The rows, oldest first.
    package private(set) var rows: [RankedValue] = []

    package init(keeping end: End, capacity: Int) {
        self.end = end
        self.capacity = capacity
    }

    /// Takes rows that are already in order; nil when they are not, or too many.
    package init?(keeping end: End, capacity: Int, rows: [RankedValue]) {
        guard rows.count <= capacity, zip(rows, rows.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            return nil
        }
        self.init(keeping: end, capacity: capacity)
        self.rows = rows
    }

    /// Adds a row. Complexity: O(log capacity) comparisons, O(capacity) moves.
    package mutating func fold(_ row: RankedValue) {
        if rows.count == capacity, let outermost {
            guard end == .newest ? outermost < row : row < outermost else { return }
            if capacity == 1 {
                rows[0] = row
                return
            }
            if end == .newest { rows.removeFirst() } else { rows.removeLast() }
        }
        rows.insert(row, at: position(after: row))
    }

    /// Adds all rows of `other`. Complexity: O(capacity).
    package mutating func merge(_ other: RankedRows) {
        if other.rows.isEmpty { return }
        var merged: [RankedValue] = []
        merged.reserveCapacity(rows.count + other.rows.count)
        var rest = other.rows[...]
        for row in rows {
            while let next = rest.first, next < row {
                merged.append(next)
                rest.removeFirst()
            }
            merged.append(row)
        }
        merged.append(contentsOf: rest)
        rows = end == .newest ? merged.suffix(capacity) : Array(merged.prefix(capacity))
    }

    /// The kept row that goes first when another comes.
    private var outermost: RankedValue? { end == .newest ? rows.first : rows.last }

    private func position(after row: RankedValue) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if row < rows[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

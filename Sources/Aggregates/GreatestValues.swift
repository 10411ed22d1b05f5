package import Values

/// The n greatest values, in the order of `ValueOrder`; equal values count as often as they occur.
///
/// What it holds is a function of the values alone: the greatest n of a union need only the
/// greatest n of each part.
package struct GreatestValues: Sendable {
    package let capacity: Int
    /// The values, the greatest first.
    package private(set) var values: [Scalar] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// Adds a value, which must be canonical and not null. Complexity: O(n) moves.
    package mutating func add(_ value: Scalar) {
        if values.count == capacity {
            guard let last = values.last, ValueOrder.compare(last, value) < 0 else { return }
            values.removeLast()
        }
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if ValueOrder.compare(values[middle], value) < 0 {
                high = middle
            } else {
                low = middle + 1
            }
        }
        values.insert(value, at: low)
    }

    /// Adds all values of `other`. Complexity: O(n).
    package mutating func merge(_ other: GreatestValues) {
        if other.values.isEmpty { return }
        var merged: [Scalar] = []
        merged.reserveCapacity(min(capacity, values.count + other.values.count))
        var (left, right) = (0, 0)
        while merged.count < capacity, left < values.count || right < other.values.count {
            let takesLeft =
                right == other.values.count
                || (left < values.count
                    && ValueOrder.compare(values[left], other.values[right]) >= 0)
            merged.append(takesLeft ? values[left] : other.values[right])
            left += takesLeft ? 1 : 0
            right += takesLeft ? 0 : 1
        }
        values = merged
    }

    /// Writes how many, and each, the greatest first.
    func encode(into writer: inout StateWriter) {
        writer.write(UInt64(values.count))
        for value in values { value.encode(into: &writer) }
    }

    /// Reads what `encode` wrote of values of `type`.
    init(
        capacity: Int, type: DataType?, from reader: inout StateReader
    ) throws(AggregateError) {
        self.init(capacity: capacity)
        for _ in 0..<(try reader.readCount(limit: capacity)) {
            let value = try Scalar(from: &reader, type: type)
            if let last = values.last, ValueOrder.compare(last, value) < 0 {
                throw reader.corrupt("values are out of order")
            }
            values.append(value)
        }
    }
}

/// The edges of `histogram(x, [e1, e2, ...])`, which cut all numbers into one more bin than there
/// are edges: below e1, from e1 up to but without e2, ..., from the last edge on.
public struct HistogramEdges: Hashable, Sendable {
    /// The most edges.
    public static let greatestCount = 1000

    /// The edges, ascending.
    public let values: [Double]

    /// Wraps edges; nil unless there are 1 to `greatestCount`, finite and strictly ascending.
    public init?(_ values: [Double]) {
        guard (1...Self.greatestCount).contains(values.count),
            values.allSatisfy({ $0.isFinite && ($0 != 0 || $0.sign == .plus) }),
            zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.values = values
    }

    /// How many bins there are.
    public var binCount: Int { values.count + 1 }

    /// The bin of `value`, from 0 on; NaN is the greatest number. Complexity: O(log edges).
    package func bin(of value: Double) -> Int {
        if value.isNaN { return values.count }
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension HistogramEdges: CustomStringConvertible {
    /// `[0.0, 2.5]`
    public var description: String { "[\(values.map(\.description).joined(separator: ", "))]" }
}

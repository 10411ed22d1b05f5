/// The q of `quantile(x, q)`: a share from 0 to 1 in millionths, so that ranks are exact.
public struct Quantile: Hashable, Sendable {
    /// The share, times a million.
    public let millionths: Int

    /// Wraps a share; nil outside 0 to a million.
    public init?(millionths: Int) {
        guard (0...1_000_000).contains(millionths) else { return nil }
        self.millionths = millionths
    }

    /// The share that is written as `value`; nil outside 0 to 1 and beyond six decimals.
    public init?(_ value: Double) {
        guard value >= 0, value <= 1 else { return nil }
        let millionths = (value * 1_000_000).rounded()
        guard millionths / 1_000_000 == value else { return nil }
        self.millionths = Int(millionths)
    }

    /// The least rank, from 1 on, at which at least this share of `count` values stands.
    package func rank(of count: Int64) -> Int64 {
        let product = Int128(millionths) * Int128(count)
        return max(1, Int64(truncatingIfNeeded: (product + 999_999) / 1_000_000))
    }
}

extension Quantile: CustomStringConvertible {
    /// The share as a decimal: `0.5`, `1.0`, `0.999`.
    public var description: String {
        let digits = String(1_000_000 + millionths % 1_000_000).dropFirst()
        let end = digits.lastIndex { $0 != "0" } ?? digits.startIndex
        return "\(millionths / 1_000_000).\(digits[...end])"
    }
}

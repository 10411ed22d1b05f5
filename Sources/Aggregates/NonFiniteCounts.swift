/// How many NaN and infinities are among the terms of a sum.
@usableFromInline
struct NonFiniteCounts: Hashable, Sendable {
    @usableFromInline var nan: Int64 = 0
    @usableFromInline var positiveInfinity: Int64 = 0
    @usableFromInline var negativeInfinity: Int64 = 0

    @inlinable
    init() {}

    /// Whether every term is finite.
    @usableFromInline var isZero: Bool {
        @inlinable get { nan | positiveInfinity | negativeInfinity == 0 }
    }

    /// What IEEE arithmetic gives for the sum of the terms when not all are finite.
    var sum: Double {
        if nan != 0 || (positiveInfinity != 0 && negativeInfinity != 0) { return canonicalNaN }
        return positiveInfinity != 0 ? .infinity : -.infinity
    }

    /// Counts `value`, which is not finite, `times` times.
    mutating func count(_ value: Double, times: Int64) {
        if value.isNaN {
            nan &+= times
        } else if value > 0 {
            positiveInfinity &+= times
        } else {
            negativeInfinity &+= times
        }
    }

    @inlinable
    mutating func add(_ other: NonFiniteCounts) {
        nan &+= other.nan
        positiveInfinity &+= other.positiveInfinity
        negativeInfinity &+= other.negativeInfinity
    }

    @inlinable
    mutating func subtract(_ other: NonFiniteCounts) {
        nan &-= other.nan
        positiveInfinity &-= other.positiveInfinity
        negativeInfinity &-= other.negativeInfinity
    }
}

/// The one NaN that a result can be.
let canonicalNaN = Double(bitPattern: 0x7ff8_0000_0000_0000)

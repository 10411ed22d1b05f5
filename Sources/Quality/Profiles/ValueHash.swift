import Aggregates
import Values

extension Scalar {
    /// What distinct values are told apart by; nil for null, durations and lists.
    var valueHash: UInt64? {
        switch self {
        case .bool(let value): hash64(ofWord: value ? 1 : 0)
        case .integer(let value): hash64(ofWord: UInt64(bitPattern: value))
        case .double(let value): hash64(ofWord: value.canonical.bitPattern)
        case .string(let value): hash64(Array(value.utf8))
        case .bytes(let value): hash64(value)
        case .timestamp(let value): hash64(ofWord: UInt64(bitPattern: value.microseconds))
        case .date(let value): hash64(ofWord: UInt64(bitPattern: Int64(value)))
        case .null, .duration, .decimal, .list: nil
        }
    }
}

func hash64(ofWord word: UInt64) -> UInt64 {
    hash64((0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) })
}

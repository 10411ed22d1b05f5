import Columns
import Values

// The digest of a bag of rows.
//
// Idea. A row is hashed to 128 bits, column after column; a bag of rows is how many they are and the
// sum of their hashes (Bellare and Micciancio's additive hash, 1997). So the order of the rows does
// not matter, parts can be added up in any order, and equal rows count as often as they occur.
// Two bags that differ by accident have the same digest once in 2^128. Not made against an adversary.
// Cost: some nanoseconds per cell.

/// How many rows there are and what stands in them, whatever their order.
struct RowDigest: Hashable, Sendable {
    private(set) var count = 0
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    /// 32 hexadecimal digits.
    var text: String {
        hexadecimal(
            [high, low].flatMap { word in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
            })
    }

    /// Adds all rows of a batch.
    mutating func add(_ batch: ColumnBatch) {
        let hashes = RowHashes(batch)
        for row in 0..<batch.rowCount { add(hashes, row) }
    }

    /// Adds one row.
    mutating func add(_ hashes: RowHashes, _ row: Int) {
        count += 1
        high &+= hashes.high[row]
        low &+= hashes.low[row]
    }

    mutating func merge(_ other: RowDigest) {
        count += other.count
        high &+= other.high
        low &+= other.low
    }
}

/// The hashes of the rows of a batch. Narrower types hash like the wider ones that hold them.
struct RowHashes {
    private(set) var high: [UInt64]
    private(set) var low: [UInt64]

    init(_ batch: ColumnBatch) {
        high = [UInt64](repeating: 0x5265_6769_7374_6572, count: batch.rowCount)
        low = [UInt64](repeating: 0x526F_6F73_7400_0000, count: batch.rowCount)
        for column in batch.columns {
            let words = column.words
            for row in 0..<batch.rowCount {
                high[row] = hash64(ofWord: high[row] ^ words[row])
                low[row] = hash64(ofWord: low[row] &+ words[row] &* 0x9E37_79B9_7F4A_7C15)
            }
        }
    }
}

extension Column {
    /// A word for each row that stands for its value.
    fileprivate var words: [UInt64] {
        var words = valueWords
        guard let validity else { return words }
        for row in 0..<count where !validity[row] { words[row] = 0xD6E8_FEB8_6659_FD93 }
        return words
    }

    private var valueWords: [UInt64] {
        switch storage {
        case .none: return [UInt64](repeating: 0, count: count)
        case .bits(let bits): return (0..<count).map { hash64(ofWord: bits[$0] ? 1 : 0) }
        case .int32(let values):
            return (0..<count).map { hash64(ofWord: UInt64(bitPattern: Int64(values[$0]))) }
        case .int64(let values):
            return (0..<count).map { hash64(ofWord: UInt64(bitPattern: values[$0])) }
        case .float(let values):
            return (0..<count).map { hash64(ofWord: Double(values[$0]).bitPattern) }
        case .double(let values): return (0..<count).map { hash64(ofWord: values[$0].bitPattern) }
        case .int128(let values):
            return (0..<count).map { row in
                let high = hash64(ofWord: UInt64(truncatingIfNeeded: values[row] >> 64))
                return hash64(ofWord: high ^ UInt64(truncatingIfNeeded: values[row]))
            }
        case .bytes(let values):
            return (0..<count).map { row in
                unsafe values.withBytes(at: row) { unsafe hash64($0) }
            }
        case .list(let offsets, let elements):
            let words = elements.words
            return (0..<count).map { row in
                let range = Int(offsets[row])..<Int(offsets[row + 1])
                return range.reduce(hash64(ofWord: UInt64(range.count))) {
                    hash64(ofWord: $0 ^ words[$1])
                }
            }
        }
    }
}

import Columns
import Values

/// 128 bits that stand for the values of a row in some columns: equal rows have equal hashes, and
/// different ones differ but for one chance in 2^64 at four billion rows.
struct RowHash: Hashable, Comparable, Sendable {
    let high: UInt64
    let low: UInt64

    static func < (left: RowHash, right: RowHash) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

/// The hashes of rows that shall be unique, 16 bytes each.
struct RowHashes: Sendable {
    private var hashes: [RowHash] = []

    /// How many rows equal an earlier one. Complexity: O(rows log rows).
    var duplicates: Int {
        let sorted = hashes.sorted()
        return zip(sorted, sorted.dropFirst()).count { $0 == $1 }
    }

    /// Adds the rows of `columns`; a row with a null in one of them equals no other.
    mutating func add(_ columns: [Column], count: Int) {
        let readers = columns.map(\.bytesOfRow)
        hashes.reserveCapacity(hashes.count + count)
        var bytes: [UInt8] = []
        for row in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            guard readers.allSatisfy({ $0(row, &bytes) }) else { continue }
            let high = hash64(bytes)
            bytes.append(0x5a)
            hashes.append(RowHash(high: high, low: hash64(bytes)))
        }
    }

    mutating func merge(_ other: RowHashes) {
        hashes.append(contentsOf: other.hashes)
    }
}

extension Column {
    /// Appends the bytes of a row, each value behind its length; returns false for a null.
    ///
    /// The layout is looked at once per column, not once per row.
    fileprivate var bytesOfRow: (Int, inout [UInt8]) -> Bool {
        let storage = storage
        let validity = validity
        let isAllNull = type == .null
        let append = storage.appendRow
        return { row, bytes in
            if isAllNull || validity.map({ !$0[row] }) ?? false { return false }
            append(row, &bytes)
            return true
        }
    }
}

extension Column.Storage {
    fileprivate var appendRow: (Int, inout [UInt8]) -> Void {
        switch self {
        case .none: return { _, _ in }
        case .bits(let bits): return { $1.append(bits[$0] ? 1 : 0) }
        case .int32(let values):
            return { $1.append(word: UInt64(bitPattern: Int64(values[$0]))) }
        case .int64(let values): return { $1.append(word: UInt64(bitPattern: values[$0])) }
        case .float(let values): return { $1.append(word: Double(values[$0]).bitPattern) }
        case .double(let values): return { $1.append(word: values[$0].bitPattern) }
        case .int128(let values):
            return { row, bytes in
                bytes.append(word: UInt64(truncatingIfNeeded: values[row]))
                bytes.append(word: UInt64(truncatingIfNeeded: values[row] >> 64))
            }
        case .bytes(let values):
            return { row, bytes in
                unsafe values.withBytes(at: row) { text in
                    bytes.append(word: UInt64(text.count))
                    unsafe bytes.append(contentsOf: text)
                }
            }
        case .list(let offsets, let elements):
            let append = elements.bytesOfRow
            return { row, bytes in
                let range = offsets[row]..<offsets[row + 1]
                bytes.append(word: UInt64(range.count))
                for element in range {
                    bytes.append(1)
                    if !append(Int(element), &bytes) { bytes[bytes.count - 1] = 0 }
                }
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(word: UInt64) {
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }
}

import Columns

/// The distinct values of a chunk and, for each value, which of them it is.
struct ChunkDictionary {
    let indexes: FixedValues<UInt32>
    /// The distinct values in order of their first appearance.
    let values: Column

    /// How many bytes the dictionary page may have; what other writers take too.
    private static let byteLimit = 1 << 20

    /// The dictionary of `column`, which has no nulls; nil when it would not pay: booleans, more
    /// than a MiB, or more distinct values than half of all.
    init?(_ column: Column) {
        guard column.count > 0 else { return nil }
        let found: (FixedValues<UInt32>, FixedValues<Int32>)?
        switch column.storage {
        case .int32(let values): found = Self.fixed(values) { UInt64(UInt32(bitPattern: $0)) }
        case .int64(let values): found = Self.fixed(values) { UInt64(bitPattern: $0) }
        case .float(let values): found = Self.fixed(values) { UInt64($0.bitPattern) }
        case .double(let values): found = Self.fixed(values) { $0.bitPattern }
        case .int128(let values): found = Self.wide(values)
        case .bytes(let values): found = Self.strings(values)
        case .none, .bits, .list: found = nil
        }
        guard let (indexes, rows) = found else { return nil }
        self.indexes = indexes
        values = column.gathering(rows)
    }

    private static func fixed<Element>(
        _ values: FixedValues<Element>, _ bits: (Element) -> UInt64
    ) -> (FixedValues<UInt32>, FixedValues<Int32>)? {
        unsafe values.withUnsafeBufferPointer { values in
            findDistinct(
                count: values.count, byteLimit: byteLimit,
                hash: { unsafe scramble(bits(values[$0])) },
                isEqual: { unsafe bits(values[$0]) == bits(values[$1]) },
                size: { _ in MemoryLayout<Element>.stride })
        }
    }

    private static func wide(
        _ values: FixedValues<Int128>
    ) -> (FixedValues<UInt32>, FixedValues<Int32>)? {
        findDistinct(
            count: values.count, byteLimit: byteLimit,
            hash: { row in
                let value = values[row]
                return scramble(
                    UInt64(truncatingIfNeeded: value)
                        ^ scramble(UInt64(truncatingIfNeeded: value >> 64)))
            },
            isEqual: { values[$0] == values[$1] }, size: { _ in wideDecimalLength })
    }

    private static func strings(
        _ values: BytesValues
    ) -> (FixedValues<UInt32>, FixedValues<Int32>)? {
        findDistinct(
            count: values.count, byteLimit: byteLimit,
            hash: { row in unsafe values.withBytes(at: row) { unsafe hashBytes($0) } },
            isEqual: { left, right in values.compare(left, with: values, right) == 0 },
            size: { row in values.range(at: row).count + 4 })
    }
}

/// Numbers the distinct values of rows with an open-addressing table of row numbers.
///
/// - Returns: the number of each row's value and the first row of each value; nil when the values
///   take more than `byteLimit` bytes, or are more than half of the rows.
@inline(__always)
private func findDistinct(
    count: Int, byteLimit: Int, hash: (Int) -> UInt64, isEqual: (Int, Int) -> Bool,
    size: (Int) -> Int
) -> (FixedValues<UInt32>, FixedValues<Int32>)? {
    var indexes = FixedValuesBuilder<UInt32>(capacity: count)
    var firstRows = FixedValuesBuilder<Int32>(capacity: 1024)
    var slots = [UInt32](repeating: .max, count: 4096)
    var bytes = 0
    let countLimit = max(count / 2, 1)
    for row in 0..<count {
        var slot = Int(truncatingIfNeeded: hash(row)) & (slots.count - 1)
        while slots[slot] != .max, !isEqual(Int(firstRows[Int(slots[slot])]), row) {
            slot = (slot + 1) & (slots.count - 1)
        }
        if slots[slot] == .max {
            bytes += size(row)
            guard bytes <= byteLimit, firstRows.count < countLimit else { return nil }
            slots[slot] = UInt32(firstRows.count)
            firstRows.append(Int32(row))
            indexes.append(UInt32(firstRows.count - 1))
            if firstRows.count * 2 > slots.count { slots = doubled(slots, firstRows, hash) }
        } else {
            indexes.append(slots[slot])
        }
    }
    return (indexes.finish(), firstRows.finish())
}

@inline(__always)
private func doubled(
    _ slots: [UInt32], _ firstRows: borrowing FixedValuesBuilder<Int32>, _ hash: (Int) -> UInt64
) -> [UInt32] {
    var larger = [UInt32](repeating: .max, count: slots.count * 2)
    for number in 0..<firstRows.count {
        var slot = Int(truncatingIfNeeded: hash(Int(firstRows[number]))) & (larger.count - 1)
        while larger[slot] != .max { slot = (slot + 1) & (larger.count - 1) }
        larger[slot] = UInt32(number)
    }
    return larger
}

/// Spreads the entropy of a key over all bits (the finaliser of SplitMix64).
@inline(__always)
private func scramble(_ key: UInt64) -> UInt64 {
    var hash = key
    hash = (hash ^ (hash &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    hash = (hash ^ (hash &>> 27)) &* 0x94d0_49bb_1331_11eb
    return hash ^ (hash &>> 31)
}

/// Mixes 8 bytes at a time.
@inline(__always)
private func hashBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let raw = UnsafeRawBufferPointer(bytes)
    var hash = UInt64(truncatingIfNeeded: raw.count)
    var index = 0
    while raw.count - index >= 8 {
        hash = unsafe scramble(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        index += 8
    }
    var tail: UInt64 = 0
    while index < raw.count {
        tail = unsafe tail << 8 | UInt64(raw[index])
        index += 1
    }
    return scramble(hash ^ tail)
}

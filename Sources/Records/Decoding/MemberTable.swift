import JSONParsing

/// Finds the columns that an object's members are for: a hash table of the declared names, which
/// lets most other names pass without a comparison.
struct MemberTable: Sendable {
    /// For each slot the column, or -1; a power of two of them, at least twice the names.
    private let slots: [Int]
    private let names: [[UInt8]]

    /// Finds `names`, by column; nil for a column that no member is for.
    init(_ names: [String?]) {
        var size = 4
        while size < 2 * names.count { size *= 2 }
        var slots = Array(repeating: -1, count: size)
        self.names = names.map { $0.map { Array($0.utf8) } ?? [] }
        for (column, name) in names.enumerated() where name != nil {
            let hash = unsafe self.names[column].withUnsafeBufferPointer { unsafe nameHash($0) }
            var slot = hash & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = column
        }
        self.slots = slots
    }

    /// The column that the member is for whose name stands at `position`; nil when it is none.
    func column(ofNameAt position: Int, in tape: JSONTape) -> Int? {
        unsafe tape.withString(at: position) { name in
            var slot = unsafe nameHash(name) & (slots.count - 1)
            while slots[slot] >= 0 {
                let column = slots[slot]
                if unsafe isEqual(names[column], name) { return column }
                slot = (slot + 1) & (slots.count - 1)
            }
            return nil
        }
    }
}

/// Mixes the length and the ends of a name: names are short, and equal hashes cost a comparison.
private func nameHash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
    let bytes = UnsafeRawBufferPointer(name)
    let count = name.count
    var word = UInt64(count)
    if count >= 8 {
        word ^= unsafe bytes.loadUnaligned(as: UInt64.self)
        word = word &* 0x9E37_79B9_7F4A_7C15
        word ^= unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    } else if count >= 4 {
        word ^= UInt64(unsafe bytes.loadUnaligned(as: UInt32.self)) << 32
        word ^= UInt64(unsafe bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 8
    } else {
        for index in 0..<count { word = word << 8 ^ UInt64(unsafe name[index]) }
    }
    return Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> 33)
}

private func isEqual(_ name: [UInt8], _ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count == other.count else { return false }
    for index in name.indices where unsafe name[index] != other[index] { return false }
    return true
}

import JSONParsing
import Values

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
            var slot = Int(truncatingIfNeeded: hash64(self.names[column])) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = column
        }
        self.slots = slots
    }

    /// The column that the member is for whose name stands at `position`; nil when it is none.
    func column(ofNameAt position: Int, in tape: JSONTape) -> Int? {
        unsafe tape.withString(at: position) { name in
            var slot = Int(truncatingIfNeeded: unsafe hash64(name)) & (slots.count - 1)
            while slots[slot] >= 0 {
                let column = slots[slot]
                if unsafe isEqual(names[column], name) { return column }
                slot = (slot + 1) & (slots.count - 1)
            }
            return nil
        }
    }
}

private func isEqual(_ name: [UInt8], _ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count == other.count else { return false }
    for index in name.indices where unsafe name[index] != other[index] { return false }
    return true
}

public import Values

/// Reads the entity keys of a batch's rows from its key columns.
public struct EntityKeyReader: Sendable {
    /// Appends one part of a row's key; returns false when it is null.
    private typealias Part = @Sendable (_ row: Int, _ key: inout EntityKey) -> Bool

    private let parts: [Part]

    /// Reads `columns`, the key parts in the entity's order; each must be of a join key type.
    public init(columns: [Column]) {
        parts = columns.map(Self.part)
    }

    /// Writes the key of `row` over `key`.
    ///
    /// - Returns: false when a part is null: such a row belongs to no entity.
    public func read(_ row: Int, into key: inout EntityKey) -> Bool {
        key.removeAll()
        for part in parts where !part(row, &key) { return false }
        return true
    }

    /// The layout is looked at once per column, not once per row: copying a column's storage
    /// costs more than reading a value.
    private static func part(of column: Column) -> Part {
        precondition(column.type.isJoinKey, "\(column.type) cannot be a join key")
        switch column.storage {
        case .bits(let bits): return part(column) { row, key in key.append(bits[row]) }
        case .int32(let values):
            return part(column) { row, key in key.append(Int64(values[row])) }
        case .int64(let values): return part(column) { row, key in key.append(values[row]) }
        case .bytes(let values):
            return part(column) { row, key in
                unsafe values.withBytes(at: row) { bytes in unsafe key.append(bytes) }
            }
        case .none, .float, .double, .int128, .list:
            preconditionFailure("not the layout of a join key")
        }
    }

    private static func part(
        _ column: Column, append: @escaping @Sendable (Int, inout EntityKey) -> Void
    ) -> Part {
        guard let validity = column.validity else {
            return { row, key in
                append(row, &key)
                return true
            }
        }
        return { row, key in
            guard validity[row] else { return false }
            append(row, &key)
            return true
        }
    }
}

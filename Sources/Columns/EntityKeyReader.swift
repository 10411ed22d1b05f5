public import Values

/// Reads the entity keys of a batch's rows from its key columns.
public struct EntityKeyReader: Sendable {
    private let columns: [Column]

    /// Reads `columns`, the key parts in the entity's order; each must be of a join key type.
    public init(columns: [Column]) {
        precondition(columns.allSatisfy { $0.type.isJoinKey })
        self.columns = columns
    }

    /// Writes the key of `row` over `key`.
    ///
    /// - Returns: false when a part is null: such a row belongs to no entity.
    public func read(_ row: Int, into key: inout EntityKey) -> Bool {
        key.removeAll()
        for column in columns {
            if column.isNull(row) { return false }
            switch column.storage {
            case .bits(let bits): key.append(bits[row])
            case .int32(let values): key.append(Int64(values[row]))
            case .int64(let values): key.append(values[row])
            case .bytes(let values):
                unsafe values.withBytes(at: row) { bytes in unsafe key.append(bytes) }
            case .none, .float, .double, .list: return false
            }
        }
        return true
    }
}

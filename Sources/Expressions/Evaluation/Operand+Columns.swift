import Columns
import Values

extension Operand {
    /// The rows of a column, without a copy.
    init(_ column: Column) {
        self = Lanes(column).map { .rows($0, validity: column.validity) } ?? .null
    }

    /// A literal.
    init(_ value: Scalar) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .rows(.bits(.constant(value)), validity: nil)
        case .integer(let value): self = .rows(.int64(.constant(value)), validity: nil)
        case .double(let value): self = .rows(.double(.constant(value)), validity: nil)
        case .string(let text): self = .rows(.bytes(BytesLane(text)), validity: nil)
        case .timestamp(let time):
            self = .rows(.int64(.constant(time.microseconds)), validity: nil)
        default: preconditionFailure("a literal of a type that has none")
        }
    }

    /// The rows that are not null.
    var validity: BitLane {
        switch self {
        case .null: .constant(false)
        case .rows(_, let validity): BitLane(validity)
        }
    }

    /// Whether it is one value, or null, for every row.
    var isConstant: Bool {
        switch self {
        case .null: true
        case .rows(let lanes, let validity): lanes.isConstant && validity == nil
        }
    }

    /// The rows as a column of `type`.
    func column(type: DataType, count: Int) -> Column {
        guard case .rows(let lanes, let validity) = self else {
            return Column(nullsOf: type, count: count)
        }
        return Column(
            type: type, count: count, storage: lanes.storage(count: count), validity: validity)
    }
}

extension BitLane {
    /// Whether it is known without counting that all rows are set.
    var isAll: Bool {
        if case .constant(true) = self { true } else { false }
    }
}

extension Lanes {
    /// The values of a column; nil for one of nulls alone.
    init?(_ column: Column) {
        switch column.storage {
        case .none: return nil
        case .bits(let bits): self = .bits(.bits(bits))
        case .int32(let values): self = .int32(.values(values))
        case .int64(let values): self = .int64(.values(values))
        case .float(let values): self = .float(.values(values))
        case .double(let values): self = .double(.values(values))
        case .int128(let values): self = .decimal(.values(values))
        case .bytes(let values): self = .bytes(BytesLane(values: values, isConstant: false))
        case .list: self = .list(ListLane(column: column, isConstant: false))
        }
    }

    fileprivate func storage(count: Int) -> Column.Storage {
        switch self {
        case .bits(let lane): .bits(lane.bitmap(count: count))
        case .int32(let lane): .int32(lane.values(count: count))
        case .int64(let lane): .int64(lane.values(count: count))
        case .float(let lane): .float(lane.values(count: count))
        case .double(let lane): .double(lane.values(count: count))
        case .decimal(let lane): .int128(lane.values(count: count))
        case .bytes(let lane): .bytes(lane.values(count: count))
        case .list(let lane): lane.values(count: count).storage
        }
    }

    /// For every row of `pick` this value, else that of `other`.
    func blended(_ pick: Bitmap, _ other: Lanes) -> Lanes {
        switch (self, other) {
        case (.bits(let left), .bits(let right)):
            let rows = BitLane.bits(pick)
            return .bits(rows.and(left).or(rows.inverted.and(right)))
        case (.int32(let left), .int32(let right)): return .int32(left.blended(pick, right))
        case (.int64(let left), .int64(let right)): return .int64(left.blended(pick, right))
        case (.float(let left), .float(let right)): return .float(left.blended(pick, right))
        case (.double(let left), .double(let right)): return .double(left.blended(pick, right))
        case (.decimal(let left), .decimal(let right)): return .decimal(left.blended(pick, right))
        case (.bytes(let left), .bytes(let right)): return .bytes(left.blended(pick, right))
        case (.list(let left), .list(let right)): return .list(left.blended(pick, right))
        default: preconditionFailure("operands of one type have one layout")
        }
    }
}

extension Lane {
    fileprivate func values(count: Int) -> FixedValues<Element> {
        switch self {
        case .constant(let value): tabulated(count: count) { _ in value }
        case .values(let values): values
        }
    }

    @inline(__always)
    fileprivate func blended(
        _ pick: Bitmap, _ other: Lane<Element>
    ) -> Lane<Element> where Element: Maskable {
        .values(
            reading { left in
                other.reading { right in Expressions.blended(pick, left, right) }
            })
    }
}

extension BytesLane {
    fileprivate func values(count: Int) -> BytesValues {
        guard isConstant else { return values }
        var builder = BytesValuesBuilder(capacity: count)
        for _ in 0..<count {
            unsafe values.withBytes(at: 0) { bytes in unsafe builder.append(bytes) }
        }
        return builder.finish()
    }

    fileprivate func blended(_ pick: Bitmap, _ other: BytesLane) -> BytesLane {
        var builder = BytesValuesBuilder(capacity: pick.count)
        for row in 0..<pick.count {
            let source = pick[row] ? self : other
            unsafe source.values.withBytes(at: source.index(of: row)) { bytes in
                unsafe builder.append(bytes)
            }
        }
        return BytesLane(values: builder.finish(), isConstant: false)
    }
}

extension ListLane {
    fileprivate func blended(_ pick: Bitmap, _ other: ListLane) -> ListLane {
        var addresses = FixedValuesBuilder<RowAddress>(capacity: pick.count)
        for row in 0..<pick.count {
            let isLeft = pick[row]
            let isConstant = isLeft ? self.isConstant : other.isConstant
            addresses.append(RowAddress(part: isLeft ? 0 : 1, row: isConstant ? 0 : Int32(row)))
        }
        let blended = Column(
            type: column.type, parts: [column, other.column], at: addresses.finish())
        return ListLane(column: blended, isConstant: false)
    }

    fileprivate func values(count: Int) -> Column {
        isConstant
            ? column.gathering(FixedValues(Array(repeating: 0, count: count))) : column
    }
}

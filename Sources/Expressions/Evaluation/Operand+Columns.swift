import Columns
import Values

extension Operand {
    /// The rows of a column, without a copy.
    init(_ column: Column) {
        switch column.storage {
        case .none: self = .null
        case .bits(let bits): self = .rows(.bits(.bits(bits)), validity: column.validity)
        case .int32(let values): self = .rows(.int32(.values(values)), validity: column.validity)
        case .int64(let values): self = .rows(.int64(.values(values)), validity: column.validity)
        case .float(let values): self = .rows(.float(.values(values)), validity: column.validity)
        case .double(let values): self = .rows(.double(.values(values)), validity: column.validity)
        case .int128(let values):
            self = .rows(.decimal(.values(values)), validity: column.validity)
        case .bytes(let values):
            let lane = BytesLane(values: values, isConstant: false)
            self = .rows(.bytes(lane), validity: column.validity)
        case .list: self = .rows(.list(column), validity: column.validity)
        }
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
    fileprivate func storage(count: Int) -> Column.Storage {
        switch self {
        case .bits(let lane): .bits(lane.bitmap(count: count))
        case .int32(let lane): .int32(lane.values(count: count))
        case .int64(let lane): .int64(lane.values(count: count))
        case .float(let lane): .float(lane.values(count: count))
        case .double(let lane): .double(lane.values(count: count))
        case .decimal(let lane): .int128(lane.values(count: count))
        case .bytes(let lane): .bytes(lane.values(count: count))
        case .list(let column): column.storage
        }
    }

    /// For every row of `pick` this value, else that of `other`; nil for lists.
    func blended(_ pick: Bitmap, _ other: Lanes) -> Lanes? {
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
        case (.list, .list): return nil
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

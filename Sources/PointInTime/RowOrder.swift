import Columns

/// Compares the values of an input at two rows: nulls first, then the value's own order, which no
/// encoding decides (false before true, text by bytes, NaN greatest).
protocol RowOrder {
    /// Whether the value at `left` comes before the value at `right`.
    func precedes(_ left: Int32, _ right: Int32) -> Bool
}

/// Values of a fixed width, as integers that sort alike.
struct IntegerOrder: RowOrder {
    let keys: FixedValues<Int64>

    func precedes(_ left: Int32, _ right: Int32) -> Bool { keys[Int(left)] < keys[Int(right)] }
}

/// Decimals of one scale, by their digits.
struct DecimalOrder: RowOrder {
    let values: FixedValues<Int128>

    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        values[Int(left)] < values[Int(right)]
    }
}

/// Text and bytes, by unsigned bytes.
struct BytesOrder: RowOrder {
    let values: BytesValues

    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        values.compare(Int(left), with: values, Int(right)) < 0
    }
}

/// The opposite of another order: turns a minimum into a maximum.
struct ReversedOrder<Base: RowOrder>: RowOrder {
    let base: Base

    func precedes(_ left: Int32, _ right: Int32) -> Bool { base.precedes(right, left) }
}

extension Column {
    /// An order-preserving integer for each row, or nil when the type has none.
    ///
    /// Doubles are flipped so that their bits sort as their values do; they are canonical, so there
    /// is one NaN, which comes last, and no negative zero.
    var sortKeys: FixedValues<Int64>? {
        switch storage {
        case .bits(let bits): keys { bits[$0] ? 1 : 0 }
        case .int32(let values): keys { Int64(values[$0]) }
        case .int64(let values): values
        case .float(let values): keys { sortKey(of: Double(values[$0])) }
        case .double(let values): keys { sortKey(of: values[$0]) }
        case .none, .int128, .bytes, .list: nil
        }
    }

    private func keys(_ key: (Int) -> Int64) -> FixedValues<Int64> {
        var builder = FixedValuesBuilder<Int64>(capacity: count)
        for row in 0..<count { builder.append(key(row)) }
        return builder.finish()
    }
}

private func sortKey(of value: Double) -> Int64 {
    let bits = Int64(bitPattern: value.bitPattern)
    return bits >= 0 ? bits : bits ^ .max
}

/// Negative, zero or positive as the tuple of `columns` at `left` sorts before, with or after the
/// one at `right`; nulls come first.
func compareRows(_ columns: [Column], _ left: Int, _ right: Int) -> Int {
    for column in columns {
        let nulls = (column.isNull(left), column.isNull(right))
        if nulls.0 || nulls.1 {
            if nulls.0 != nulls.1 { return nulls.0 ? -1 : 1 }
            continue
        }
        let order = column.compareValues(left, right)
        if order != 0 { return order }
    }
    return 0
}

extension Column {
    fileprivate func compareValues(_ left: Int, _ right: Int) -> Int {
        func order(_ first: Int64, _ second: Int64) -> Int {
            first < second ? -1 : (first > second ? 1 : 0)
        }
        switch storage {
        case .bits(let bits): return order(bits[left] ? 1 : 0, bits[right] ? 1 : 0)
        case .int32(let values): return order(Int64(values[left]), Int64(values[right]))
        case .int64(let values): return order(values[left], values[right])
        case .float(let values):
            return order(sortKey(of: Double(values[left])), sortKey(of: Double(values[right])))
        case .double(let values):
            return order(sortKey(of: values[left]), sortKey(of: values[right]))
        case .bytes(let values): return values.compare(left, with: values, right)
        case .int128(let values):
            return values[left] < values[right] ? -1 : (values[left] > values[right] ? 1 : 0)
        case .none: return 0
        case .list(let offsets, let elements):
            return elements.compareLists(
                Int(offsets[left])..<Int(offsets[left + 1]),
                Int(offsets[right])..<Int(offsets[right + 1]))
        }
    }

    /// The first elements that differ decide; if there are none, the shorter list comes first.
    private func compareLists(_ left: Range<Int>, _ right: Range<Int>) -> Int {
        for (first, second) in zip(left, right) {
            let order = compareRows([self], first, second)
            if order != 0 { return order }
        }
        return left.count - right.count
    }
}

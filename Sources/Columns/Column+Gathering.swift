import Values

extension Column {
    /// The rows at `rows`, in that order; a negative row gives a null.
    ///
    /// Complexity: O(number of rows), plus the bytes copied for strings and lists.
    public func gathering(_ rows: FixedValues<Int32>) -> Column {
        Column(
            type: type, count: rows.count, storage: storage.gathering(rows),
            validity: gatheringValidity(rows))
    }

    /// The bitmap is taken out once: copying a column for each row costs more than reading it.
    private func gatheringValidity(_ rows: FixedValues<Int32>) -> Bitmap {
        if let validity { return validity.gathering(rows) }
        var gathered = BitmapBuilder(capacity: rows.count)
        for position in 0..<rows.count { gathered.append(rows[position] >= 0) }
        return gathered.finish()
    }
}

extension Column.Storage {
    func gathering(_ rows: FixedValues<Int32>) -> Column.Storage {
        switch self {
        case .none: .none
        case .bits(let bits): .bits(bits.gathering(rows))
        case .int32(let values): .int32(values.gathering(rows))
        case .int64(let values): .int64(values.gathering(rows))
        case .float(let values): .float(values.gathering(rows))
        case .double(let values): .double(values.gathering(rows))
        case .int128(let values): .int128(values.gathering(rows))
        case .bytes(let values): .bytes(values.gathering(rows))
        case .list(let offsets, let elements):
            gatheringLists(offsets: offsets, elements: elements, rows: rows)
        }
    }
}

extension Bitmap {
    func gathering(_ rows: FixedValues<Int32>) -> Bitmap {
        var builder = BitmapBuilder(capacity: rows.count)
        for position in 0..<rows.count {
            let row = Int(rows[position])
            builder.append(row >= 0 && self[row])
        }
        return builder.finish()
    }
}

extension FixedValues where Element: ExpressibleByIntegerLiteral {
    func gathering(_ rows: FixedValues<Int32>) -> FixedValues<Element> {
        var builder = FixedValuesBuilder<Element>(capacity: rows.count)
        for position in 0..<rows.count {
            let row = Int(rows[position])
            builder.append(row >= 0 ? self[row] : 0)
        }
        return builder.finish()
    }
}

extension BytesValues {
    func gathering(_ rows: FixedValues<Int32>) -> BytesValues {
        var builder = BytesValuesBuilder(capacity: rows.count)
        for position in 0..<rows.count {
            let row = Int(rows[position])
            guard row >= 0 else {
                builder.appendEmpty()
                continue
            }
            unsafe withBytes(at: row) { bytes in unsafe builder.append(bytes) }
        }
        return builder.finish()
    }
}

private func gatheringLists(
    offsets: FixedValues<Int32>, elements: Column, rows: FixedValues<Int32>
) -> Column.Storage {
    var newOffsets = FixedValuesBuilder<Int32>(capacity: rows.count + 1)
    var elementRows = FixedValuesBuilder<Int32>(capacity: rows.count)
    newOffsets.append(0)
    for position in 0..<rows.count {
        let row = Int(rows[position])
        if row >= 0 {
            for element in offsets[row]..<offsets[row + 1] { elementRows.append(element) }
        }
        newOffsets.append(Int32(elementRows.count))
    }
    return .list(
        offsets: newOffsets.finish(), elements: elements.gathering(elementRows.finish()))
}

import Columns
import Values

/// Parts of columns that become one column of a row group.
struct ColumnAccumulator {
    let type: DataType
    private var parts: [(column: Column, rows: Range<Int>)] = []

    init(type: DataType) {
        self.type = type
    }

    mutating func append(_ column: Column, rows: Range<Int>) { parts.append((column, rows)) }

    /// The parts, one after the other.
    func finish() -> Column {
        if parts.count == 1, parts[0].rows == 0..<parts[0].column.count { return parts[0].column }
        return concatenate(parts, type: type)
    }
}

private typealias Part = (column: Column, rows: Range<Int>)

private func concatenate(_ parts: [Part], type: DataType) -> Column {
    let count = parts.reduce(0) { $0 + $1.rows.count }
    return Column(
        type: type, count: count, storage: storage(parts, type: type, count: count),
        validity: validity(parts, count: count))
}

private func validity(_ parts: [Part], count: Int) -> Bitmap? {
    guard parts.contains(where: { $0.column.nullCount > 0 }) else { return nil }
    var builder = BitmapBuilder(capacity: count)
    for part in parts {
        guard let validity = part.column.validity else {
            builder.append(true, count: part.rows.count)
            continue
        }
        for row in part.rows { builder.append(validity[row]) }
    }
    return builder.finish()
}

private func storage(_ parts: [Part], type: DataType, count: Int) -> Column.Storage {
    switch type {
    case .null: return .none
    case .bool:
        var builder = BitmapBuilder(capacity: count)
        for part in parts {
            guard case .bits(let bits) = part.column.storage else { continue }
            for row in part.rows { builder.append(bits[row]) }
        }
        return .bits(builder.finish())
    case .int32, .date:
        return .int32(
            fixed(parts, count) { if case .int32(let values) = $0 { values } else { nil } })
    case .int64, .timestamp, .duration:
        return .int64(
            fixed(parts, count) { if case .int64(let values) = $0 { values } else { nil } })
    case .float:
        return .float(
            fixed(parts, count) { if case .float(let values) = $0 { values } else { nil } })
    case .double:
        return .double(
            fixed(parts, count) { if case .double(let values) = $0 { values } else { nil } })
    case .string, .bytes: return .bytes(strings(parts, count))
    case .list(let element): return lists(parts, of: element, count)
    }
}

private func fixed<Element>(
    _ parts: [Part], _ count: Int, _ values: (Column.Storage) -> FixedValues<Element>?
) -> FixedValues<Element> {
    var builder = FixedValuesBuilder<Element>(capacity: count)
    for part in parts {
        guard let values = values(part.column.storage) else { continue }
        unsafe values.withUnsafeBufferPointer { source in
            unsafe builder.append(contentsOf: UnsafeBufferPointer(rebasing: source[part.rows]))
        }
    }
    return builder.finish()
}

private func strings(_ parts: [Part], _ count: Int) -> BytesValues {
    var builder = BytesValuesBuilder(capacity: count)
    for part in parts {
        guard case .bytes(let values) = part.column.storage else { continue }
        for row in part.rows {
            unsafe values.withBytes(at: row) { bytes in unsafe builder.append(bytes) }
        }
    }
    return builder.finish()
}

private func lists(_ parts: [Part], of element: DataType, _ count: Int) -> Column.Storage {
    var starts = FixedValuesBuilder<Int32>(capacity: count + 1)
    var elements: [Part] = []
    var end: Int32 = 0
    starts.append(0)
    for part in parts {
        guard case .list(let offsets, let column) = part.column.storage else { continue }
        let from = offsets[part.rows.lowerBound]
        for row in part.rows { starts.append(end + offsets[row + 1] - from) }
        let upTo = offsets[part.rows.upperBound]
        elements.append((column, Int(from)..<Int(upTo)))
        end += upTo - from
    }
    return .list(offsets: starts.finish(), elements: concatenate(elements, type: element))
}

import Columns
import Values

/// Parts of columns that become one column of a row group.
struct ColumnAccumulator {
    let type: DataType
    private var parts: [(column: Column, rows: Range<Int>)] = []

    init(type: DataType) {
        self.type = type
    }

    /// The most bytes of strings (or of list elements) that a row group may have, so that 32-bit
    /// offsets hold them.
    private static let byteLimit = 1 << 30
    private var bytes = 0

    mutating func append(_ column: Column, rows: Range<Int>) {
        parts.append((column, rows))
        bytes += column.variableSize(of: rows)
    }

    /// How many of `rows`, from the first on, still fit; at least one when nothing is held yet.
    func fittingCount(_ column: Column, rows: Range<Int>) -> Int {
        func fits(_ count: Int) -> Bool {
            let end = rows.lowerBound + count
            return bytes + column.variableSize(of: rows.lowerBound..<end) <= Self.byteLimit
        }
        if fits(rows.count) { return rows.count }
        var (least, tooMany) = (0, rows.count)
        while tooMany - least > 1 {
            let middle = (least + tooMany) / 2
            if fits(middle) { least = middle } else { tooMany = middle }
        }
        return parts.isEmpty ? max(least, 1) : least
    }

    /// The parts, one after the other.
    func finish() -> Column {
        if parts.count == 1, parts[0].rows == 0..<parts[0].column.count { return parts[0].column }
        return concatenate(parts, type: type)
    }
}

extension Column {
    /// The bytes of the strings, or about those of the list elements, of `rows`; 0 for fixed widths.
    fileprivate func variableSize(of rows: Range<Int>) -> Int {
        switch storage {
        case .bytes(let values):
            return Int(values.offsets[rows.upperBound]) - Int(values.offsets[rows.lowerBound])
        case .list(let offsets, let elements):
            let range = Int(offsets[rows.lowerBound])..<Int(offsets[rows.upperBound])
            return range.count * 8 + elements.variableSize(of: range)
        default: return 0
        }
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
    case .decimal:
        return .int128(
            fixed(parts, count) { if case .int128(let values) = $0 { values } else { nil } })
    case .string, .bytes: return .bytes(strings(parts, count))
    case .list(let element): return lists(parts, of: element, count)
    case .vector: return lists(parts, of: .float, count)
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
    var ends = FixedValuesBuilder<Int32>(capacity: count + 1)
    var bytes = FixedValuesBuilder<UInt8>(capacity: count * 8)
    ends.append(0)
    for part in parts {
        guard case .bytes(let values) = part.column.storage else { continue }
        let from = values.offsets[part.rows.lowerBound]
        let shift = Int32(bytes.count) - from
        for row in part.rows { ends.append(values.offsets[row + 1] + shift) }
        let range = Int(from)..<Int(values.offsets[part.rows.upperBound])
        unsafe values.bytes.withUnsafeBufferPointer { source in
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: source[range]))
        }
    }
    return BytesValues(offsets: ends.finish(), bytes: bytes.finish())
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

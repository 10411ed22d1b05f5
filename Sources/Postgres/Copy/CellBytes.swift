import Columns
import Values

/// The bytes of cells whose length is not that of their type: decimals and lists.
enum CellBytes {
    /// The bytes of each row's cell; empty for nulls.
    static func encoded(
        _ column: Column, _ rows: Range<Int>, name: String
    ) throws(PostgresError) -> BytesValues {
        var builder = BytesValuesBuilder(capacity: rows.count)
        for row in rows {
            switch column.storage {
            case _ where column.isNull(row): builder.appendEmpty()
            case .int128(let values):
                builder.append(numeric(values[row], type: column.type))
            case .list(let offsets, let elements):
                let range = Int(offsets[row])..<Int(offsets[row + 1])
                builder.append(try array(elements, range, name: name))
            default: preconditionFailure("cells of a fixed length")
            }
        }
        return builder.finish()
    }

    private static func numeric(_ unscaled: Int128, type: DataType) -> [UInt8] {
        guard case .decimal(_, let scale) = type else { return [] }
        return BinaryNumeric.words(unscaled, scale: scale).flatMap(\.bigEndianBytes)
    }

    /// An array of one dimension: its number (0 for an empty one), whether nulls are inside, the
    /// type, and per dimension its length and the index of its first element.
    private static func array(
        _ elements: Column, _ range: Range<Int>, name: String
    ) throws(PostgresError) -> [UInt8] {
        let hasNulls = range.contains { elements.isNull($0) }
        var bytes =
            UInt32(range.isEmpty ? 0 : 1).bigEndianBytes
            + UInt32(hasNulls ? 1 : 0).bigEndianBytes
            + elements.type.postgresIdentifier.bigEndianBytes
        if range.isEmpty { return bytes }
        bytes += UInt32(range.count).bigEndianBytes + UInt32(1).bigEndianBytes
        let cells = try CopyCells(elements, range, name: name)
        var cursors = [Int](repeating: 0, count: range.count)
        cells.addSizes(to: &cursors)
        var end = bytes.count
        for index in cursors.indices {
            let size = cursors[index]
            cursors[index] = end
            end += size
        }
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        cells.write(to: &bytes, at: &cursors)
        return bytes
    }
}

extension FixedWidthInteger {
    /// The greatest byte first.
    fileprivate var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: self >> $0)
        }
    }
}

public import Columns
import Values

// COPY BINARY: a header, and for each row the number of its fields and each field as its length
// and its bytes, big-endian; -1 is the length of a null.
//
// Idea. Columns become rows: the sizes of all rows of a block are summed column by column, a
// running sum gives where each row begins, and then each column writes its cells, one tight loop
// per type, moving a cursor per row. A block is small enough to stay in the cache.

/// Turns columns into the bytes of `COPY ... FROM STDIN (FORMAT binary)`.
public struct CopyBinaryEncoder: ~Copyable {
    /// How many rows are laid out at a time.
    private static let blockRows = 512
    private static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// The bytes so far.
    public private(set) var bytes: [UInt8] = Self.header

    /// Starts with the header.
    public init() {}

    /// Appends rows.
    ///
    /// - Throws: `value` for what PostgreSQL cannot hold: a text with a NUL, a time or a date
    ///   before 4713 BC or too far ahead; `schema` for a type that no column has there. Nothing of
    ///   the batch's later blocks is appended then.
    ///
    /// Complexity: O(cells), O(bytes).
    public mutating func append(_ batch: ColumnBatch) throws(PostgresError) {
        var start = 0
        while start < batch.rowCount {
            let end = min(start + Self.blockRows, batch.rowCount)
            try append(batch, start..<end)
            start = end
        }
    }

    /// Appends the mark of the end, after which no row may follow.
    public mutating func finish() { bytes += [0xFF, 0xFF] }

    /// Forgets the bytes, which the caller has sent, but keeps their memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ batch: ColumnBatch, _ rows: Range<Int>) throws(PostgresError) {
        var cells: [CopyCells] = []
        for (field, column) in zip(batch.schema.fields, batch.columns) {
            cells.append(try CopyCells(column, rows, name: field.name))
        }
        // A row begins with the number of its fields, in two bytes.
        var cursors = [Int](repeating: 2, count: rows.count)
        for cell in cells { cell.addSizes(to: &cursors) }
        var end = bytes.count
        for row in cursors.indices {
            let size = cursors[row]
            cursors[row] = end
            end += size
        }
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
        let count = UInt16(cells.count)
        for row in cursors.indices {
            bytes[cursors[row]] = UInt8(count >> 8)
            bytes[cursors[row] + 1] = UInt8(truncatingIfNeeded: count)
            cursors[row] += 2
        }
        for cell in cells { cell.write(to: &bytes, at: &cursors) }
    }
}

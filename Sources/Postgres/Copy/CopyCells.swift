import Columns
import Values

/// One column of a block of rows, ready to be written as cells.
struct CopyCells {
    /// Cells by their bytes.
    private enum Content {
        /// One byte each.
        case bytes(FixedColumn<UInt8>)
        case words(FixedColumn<UInt32>)
        case doubleWords(FixedColumn<UInt64>)
        /// Any length each.
        case strings(BytesValues, first: Int)
    }

    /// The bits of each row's value, and where its values begin in the block.
    typealias FixedColumn<Bits: FixedWidthInteger> = [Bits]

    private let content: Content
    private let column: Column
    private let first: Int
    private let count: Int

    /// Prepares rows of a column.
    ///
    /// - Throws: `value` naming `name` and the value that PostgreSQL cannot hold.
    init(_ column: Column, _ rows: Range<Int>, name: String) throws(PostgresError) {
        self.column = column
        first = rows.lowerBound
        count = rows.count
        switch column.storage {
        case .bits(let bits): content = .bytes(rows.map { bits[$0] ? 1 : 0 })
        case .int32(let values):
            content = .words(
                column.type == .date
                    ? try Self.dates(values, column, rows, name)
                    : rows.map { UInt32(bitPattern: values[$0]) })
        case .int64(let values):
            content = .doubleWords(
                column.type == .timestamp
                    ? try Self.timestamps(values, column, rows, name)
                    : rows.map { UInt64(bitPattern: values[$0]) })
        case .float(let values): content = .words(rows.map { values[$0].bitPattern })
        case .double(let values): content = .doubleWords(rows.map { values[$0].bitPattern })
        case .bytes(let values):
            if column.type == .string { try Self.requireNoNUL(values, column, rows, name) }
            content = .strings(values, first: first)
        case .int128, .list:
            content = .strings(try CellBytes.encoded(column, rows, name: name), first: 0)
        case .none:
            throw PostgresError(.schema, "the column '\(name)' has no type that PostgreSQL knows")
        }
    }

    /// Adds the size of each cell, its length included.
    func addSizes(to sizes: inout [Int]) {
        for row in 0..<count {
            sizes[row] += 4
            if column.isNull(first + row) { continue }
            switch content {
            case .bytes: sizes[row] += 1
            case .words: sizes[row] += 4
            case .doubleWords: sizes[row] += 8
            case .strings(let values, let start): sizes[row] += values.range(at: start + row).count
            }
        }
    }

    /// Writes each cell at its row's cursor and moves the cursor behind it.
    func write(to bytes: inout [UInt8], at cursors: inout [Int]) {
        switch content {
        case .bytes(let values): write(values, to: &bytes, at: &cursors)
        case .words(let values): write(values, to: &bytes, at: &cursors)
        case .doubleWords(let values): write(values, to: &bytes, at: &cursors)
        case .strings(let values, let start):
            for row in 0..<count {
                if writeNull(row, to: &bytes, at: &cursors) { continue }
                unsafe values.withBytes(at: start + row) { source in
                    bytes.store(UInt32(source.count), at: cursors[row])
                    unsafe bytes.store(contentsOf: source, at: cursors[row] + 4)
                    cursors[row] += 4 + source.count
                }
            }
        }
    }

    private func write<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ values: FixedColumn<Bits>, to bytes: inout [UInt8], at cursors: inout [Int]
    ) {
        let width = Bits.bitWidth / 8
        for row in 0..<count {
            if writeNull(row, to: &bytes, at: &cursors) { continue }
            bytes.store(UInt32(width), at: cursors[row])
            bytes.store(values[row], at: cursors[row] + 4)
            cursors[row] += 4 + width
        }
    }

    private func writeNull(_ row: Int, to bytes: inout [UInt8], at cursors: inout [Int]) -> Bool {
        guard column.isNull(first + row) else { return false }
        bytes.store(UInt32.max, at: cursors[row])
        cursors[row] += 4
        return true
    }
}

extension CopyCells {
    private static func timestamps(
        _ values: FixedValues<Int64>, _ column: Column, _ rows: Range<Int>, _ name: String
    ) throws(PostgresError) -> [UInt64] {
        var bits: [UInt64] = []
        bits.reserveCapacity(rows.count)
        for row in rows {
            let (shifted, overflow) = values[row].subtractingReportingOverflow(
                PostgresEpoch.microseconds)
            guard column.isNull(row) || !overflow && PostgresEpoch.timestamps.contains(shifted)
            else {
                throw PostgresError(
                    .value,
                    "'\(name)' has the time \(EventTime(microseconds: values[row])), which "
                        + "PostgreSQL cannot hold", hint: "it holds 4713 BC to AD 294276")
            }
            bits.append(UInt64(bitPattern: shifted))
        }
        return bits
    }

    private static func dates(
        _ values: FixedValues<Int32>, _ column: Column, _ rows: Range<Int>, _ name: String
    ) throws(PostgresError) -> [UInt32] {
        var bits: [UInt32] = []
        bits.reserveCapacity(rows.count)
        for row in rows {
            let (shifted, overflow) = values[row].subtractingReportingOverflow(PostgresEpoch.days)
            guard column.isNull(row) || !overflow && PostgresEpoch.dates.contains(shifted) else {
                throw PostgresError(
                    .value,
                    "'\(name)' has a date \(values[row]) days after 1970, which PostgreSQL cannot "
                        + "hold", hint: "it holds 4713 BC to AD 5874897")
            }
            bits.append(UInt32(bitPattern: shifted))
        }
        return bits
    }

    private static func requireNoNUL(
        _ values: BytesValues, _ column: Column, _ rows: Range<Int>, _ name: String
    ) throws(PostgresError) {
        for row in rows where !column.isNull(row) {
            let hasNUL = unsafe values.withBytes(at: row) { unsafe $0.contains(0) }
            if hasNUL {
                throw PostgresError(
                    .value, "'\(name)' has a text with a NUL, which PostgreSQL cannot hold",
                    hint: "declare the column as bytes, or remove the NULs")
            }
        }
    }
}

extension [UInt8] {
    /// Writes the bytes of `value`, big-endian, over those at `index`.
    fileprivate mutating func store(
        _ value: some FixedWidthInteger & BitwiseCopyable, at index: Int
    ) {
        unsafe withUnsafeMutableBytes { bytes in
            unsafe bytes.storeBytes(of: value.bigEndian, toByteOffset: index, as: type(of: value))
        }
    }

    /// Writes `source` over the bytes at `index`.
    fileprivate mutating func store(contentsOf source: UnsafeBufferPointer<UInt8>, at index: Int) {
        unsafe withUnsafeMutableBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[index...]).copyMemory(
                from: UnsafeRawBufferPointer(source))
        }
    }
}

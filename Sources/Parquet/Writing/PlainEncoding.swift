import Columns

/// Appends rows of a column without nulls in PLAIN encoding.
func appendPlain(_ column: Column, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    switch column.storage {
    case .none, .list: break
    case .bits(let bits): appendBits(bits, rows, to: &bytes)
    case .int32(let values): appendFixed(values, rows, to: &bytes)
    case .int64(let values): appendFixed(values, rows, to: &bytes)
    case .float(let values): appendFixed(values, rows, to: &bytes)
    case .double(let values): appendFixed(values, rows, to: &bytes)
    case .int128(let values): for row in rows { bytes += bigEndian(values[row]) }
    case .bytes(let values): appendStrings(values, rows, to: &bytes)
    }
}

private func appendBits(_ bits: Bitmap, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    var byte: UInt8 = 0
    for (position, row) in rows.enumerated() {
        if bits[row] { byte |= 1 << UInt8(position & 7) }
        if position & 7 == 7 {
            bytes.append(byte)
            byte = 0
        }
    }
    if rows.count & 7 != 0 { bytes.append(byte) }
}

private func appendFixed<Element>(
    _ values: FixedValues<Element>, _ rows: Range<Int>, to bytes: inout [UInt8]
) {
    unsafe values.withUnsafeBufferPointer { values in
        unsafe bytes.append(
            contentsOf: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[rows])))
    }
}

private func appendStrings(_ values: BytesValues, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    guard !rows.isEmpty else { return }
    let total = Int(values.offsets[rows.upperBound] - values.offsets[rows.lowerBound])
    bytes.reserveCapacity(bytes.count + total + rows.count * 4)
    for row in rows {
        unsafe values.withBytes(at: row) { string in
            let length = UInt32(string.count)
            bytes.append(UInt8(truncatingIfNeeded: length))
            bytes.append(UInt8(truncatingIfNeeded: length >> 8))
            bytes.append(UInt8(truncatingIfNeeded: length >> 16))
            bytes.append(UInt8(truncatingIfNeeded: length >> 24))
            unsafe bytes.append(contentsOf: string)
        }
    }
}

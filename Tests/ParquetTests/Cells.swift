import Columns
import Values

/// A column as text, a cell per row, in the spelling that the judges use too: numbers exactly,
/// floating-point numbers as their bits, text and bytes in hexadecimal.
func cells(_ column: Column) -> [String] {
    (0..<column.count).map { row in cell(column.scalar(at: row), of: column.type) }
}

func cell(_ scalar: Scalar, of type: DataType) -> String {
    switch scalar {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .double(let value):
        type == .float ? hex(bytes: bigEndian(Float(value))) : hex(bytes: bigEndian(value))
    case .string(let text): hex(bytes: Array(text.utf8))
    case .bytes(let bytes): hex(bytes: bytes)
    case .timestamp(let time): "\(time.microseconds)"
    case .date(let days): "\(days)"
    case .duration(let duration): "\(duration.microseconds)"
    case .decimal(let number): number.description
    case .list(let items):
        "[" + items.map { cell($0, of: element(of: type)) }.joined(separator: ",") + "]"
    }
}

private func element(of type: DataType) -> DataType {
    type.element ?? type
}

private func bigEndian(_ value: Float) -> [UInt8] {
    let bits = value.bitPattern
    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * UInt32($0))) }
}

private func bigEndian(_ value: Double) -> [UInt8] {
    let bits = value.bitPattern
    return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
}

private func hex(bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return "x" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

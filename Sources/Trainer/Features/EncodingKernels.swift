import Columns
import Values

/// Writes `column` at `rows` into every `width`-th place of `target`, beginning at `position`; a
/// vector takes as many places one after the other as it is long.
///
/// `target` has `width` places for each of `rows`.
func encode(
    _ column: Column, _ rows: [Int], into target: UnsafeMutableBufferPointer<Float>,
    _ position: Int, _ width: Int
) {
    switch column.storage {
    case .bits(let bits):
        unsafe write(column, rows, into: target, position, width) { bits[$0] ? 1 : 0 }
    case .int32(let values):
        unsafe write(column, rows, into: target, position, width) { Float(values[$0]) }
    case .int64(let values):
        unsafe write(column, rows, into: target, position, width) { Float(Double(values[$0])) }
    case .float(let values):
        unsafe write(column, rows, into: target, position, width) { finite(values[$0]) }
    case .double(let values):
        unsafe write(column, rows, into: target, position, width) { finite(Float(values[$0])) }
    case .int128(let values):
        let scale = if case .decimal(_, let scale) = column.type { scale } else { 0 }
        unsafe write(column, rows, into: target, position, width) {
            Float(Decimal128(unscaled: values[$0], scale: scale).double)
        }
    case .list(let offsets, let elements):
        guard case .vector(let length) = column.type, case .float(let values) = elements.storage
        else { preconditionFailure("trees take no lists") }
        for element in 0..<length {
            unsafe write(column, rows, into: target, position + element, width) {
                finite(values[Int(offsets[$0]) + element])
            }
        }
    case .none, .bytes:
        unsafe write(column, rows, into: target, position, width) { _ in .nan }
    }
}

@inline(__always)
private func write(
    _ column: Column, _ rows: [Int], into target: UnsafeMutableBufferPointer<Float>,
    _ position: Int, _ width: Int, _ value: (Int) -> Float
) {
    precondition(position < width && target.count == rows.count * width)
    var place = position
    for row in rows {
        unsafe target[place] = column.isNull(row) ? .nan : value(row)
        place += width
    }
}

/// The nearest finite number; NaN stays NaN.
@inline(__always)
private func finite(_ number: Float) -> Float {
    guard number.isInfinite else { return number }
    return number < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
}

import Columns
import Values

/// One value of an expression, by physical layout, outside of any column.
enum Cell {
    case null
    case bool(Bool)
    /// `int32`, `date`
    case int32(Int32)
    /// `int64`, `timestamp`, `duration`
    case int64(Int64)
    case float(Float)
    case double(Double)
    /// `decimal`: the digits without the point; apart, to keep the others small.
    indirect case decimal(Int128)
    /// `string`, `bytes`
    case text([UInt8])
    case list(ListCell)
}

/// A list outside of any column: a run of elements.
final class ListCell: Sendable {
    let elements: Column
    let range: Range<Int>

    init(elements: Column, range: Range<Int>) {
        self.elements = elements
        self.range = range
    }
}

extension Cell {
    var isNull: Bool { if case .null = self { true } else { false } }

    /// Whether it is the bool true; false for null.
    var isTrue: Bool { if case .bool(true) = self { true } else { false } }

    /// A value of `type`, or null.
    init(_ value: Scalar, _ type: DataType) {
        switch (value, type) {
        case (.null, _): self = .null
        case (.bool(let value), _): self = .bool(value)
        case (.integer(let value), .int32): self = .int32(Int32(truncatingIfNeeded: value))
        case (.integer(let value), _): self = .int64(value)
        case (.double(let value), .float): self = .float(Float(value))
        case (.double(let value), _): self = .double(value)
        case (.string(let text), _): self = .text(Array(text.utf8))
        case (.bytes(let bytes), _): self = .text(bytes)
        case (.timestamp(let time), _): self = .int64(time.microseconds)
        case (.date(let days), _): self = .int32(days)
        case (.duration(let duration), _): self = .int64(duration.microseconds)
        case (.decimal(let number), _): self = .decimal(number.unscaled)
        case (.list(let items), _):
            guard let element = type.element else {
                preconditionFailure("a list where \(type) is needed")
            }
            self = .list(
                ListCell(elements: Column(type: element, items), range: 0..<items.count))
        }
    }

    /// As a value of `type`, whose layout it has.
    func scalar(_ type: DataType) -> Scalar {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int32(let value): return type == .date ? .date(value) : .integer(Int64(value))
        case .int64(let value):
            return switch type {
            case .timestamp: .timestamp(EventTime(microseconds: value))
            case .duration: .duration(EventDuration(microseconds: value))
            default: .integer(value)
            }
        case .float(let value): return .double(Double(value))
        case .double(let value): return .double(value)
        case .decimal(let value):
            guard case .decimal(_, let scale) = type else {
                preconditionFailure("a decimal where \(type) is needed")
            }
            return .decimal(Decimal128(unscaled: value, scale: scale))
        case .text(let bytes):
            return type == .bytes ? .bytes(bytes) : .string(String(decoding: bytes, as: UTF8.self))
        case .list(let list): return .list(list.range.map { list.elements.scalar(at: $0) })
        }
    }
}

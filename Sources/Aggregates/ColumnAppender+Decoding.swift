package import Columns
import Values

extension ColumnAppender {
    /// Whether `appendOptional` reads values of its type.
    package var readsStates: Bool { layout != .scalars && type != .duration }

    /// Appends what `Scalar.encodeOptional` wrote of a value of its type, which must be one that
    /// `readsStates`, without making a scalar of it.
    package mutating func appendOptional(
        from reader: inout StateReader
    ) throws(AggregateError) {
        switch try reader.readByte() {
        case 0: appendNull()
        case 1: try appendValue(from: &reader)
        default: throw reader.corrupt("a value is neither there nor null")
        }
    }

    private mutating func appendValue(from reader: inout StateReader) throws(AggregateError) {
        switch type {
        case .bool: append(integer: try reader.readBool() ? 1 : 0)
        case .int32, .date: append(integer: Int64(try reader.readInt32()))
        case .float: append(double: try reader.readDouble(isFloat: true))
        case .double: append(double: try reader.readDouble(isFloat: false))
        case .string: append(text: try reader.readText())
        case .bytes: append(text: try reader.readBytes(count: try reader.readCount()))
        default: append(integer: try reader.readSigned())
        }
    }
}

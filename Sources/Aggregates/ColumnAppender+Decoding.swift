package import Columns
import Values

extension ColumnAppender {
    /// Appends what `Scalar.encodeOptional` wrote of a value of its type, without making a scalar
    /// of it; for columns of all kinds but `other`.
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
        switch kind {
        case .bool: append(integer: try reader.readBool() ? 1 : 0)
        case .int32, .date: append(integer: Int64(try reader.readInt32()))
        case .int64, .timestamp: append(integer: try reader.readSigned())
        case .float: append(double: try reader.readDouble(isFloat: true))
        case .double: append(double: try reader.readDouble(isFloat: false))
        case .string: append(text: try reader.readText())
        case .bytes: append(text: try reader.readBytes(count: try reader.readCount()))
        case .other: preconditionFailure("values of this type are read as scalars")
        }
    }
}

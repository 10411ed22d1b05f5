/// One typed value: a literal, a key part, a cell in a report. Never used in hot loops.
public enum Scalar: Hashable, Sendable {
    case null
    case bool(Bool)
    /// `int32` and `int64`.
    case integer(Int64)
    /// `float` and `double`.
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(EventTime)
    /// Days since the Unix epoch.
    case date(Int32)
    case duration(EventDuration)
    case decimal(Decimal128)
    /// A list, or a vector: as many doubles as it is long.
    case list([Scalar])
}

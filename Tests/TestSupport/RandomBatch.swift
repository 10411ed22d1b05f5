public import Columns
public import Values

extension DataType {
    /// Every type that a column of a file can have, lists of scalars included.
    public static let columnTypes: [DataType] = scalarTypes + scalarTypes.map { .list($0) }

    /// Decimals of every width that files store differently, and a vector.
    public static let sizedTypes: [DataType] = [
        .decimal(precision: 9, scale: 2), .decimal(precision: 18, scale: 18),
        .decimal(precision: 38, scale: 4), .vector(length: 3),
    ]

    /// Every type that a column of a file can have and that is no list.
    public static let scalarTypes: [DataType] = [
        .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
    ]
}

extension SeededGenerator {
    /// A batch of `rows` rows with one column for each of `types`, named after its type.
    ///
    /// - Parameters:
    ///   - rows: how many rows; 0 is fine.
    ///   - types: the types, each at most once.
    ///   - nullShare: the share of nulls, 0 to 1; inside lists as well.
    /// - Returns: the batch, its columns in the order of `types`.
    public mutating func batch(
        rows: Int, types: [DataType] = DataType.columnTypes, nullShare: Double = 0.25
    ) -> ColumnBatch {
        let columns = types.map { Column(type: $0, scalars(rows, of: $0, nullShare: nullShare)) }
        return ColumnBatch(
            schema: Schema(types.map { Field(name: $0.description, type: $0) }),
            columns: columns, rowCount: rows)
    }

    /// `count` random values of `type`, some of them null.
    public mutating func scalars(
        _ count: Int, of type: DataType, nullShare: Double = 0.25
    ) -> [Scalar] {
        (0..<count).map { _ in
            chance(nullShare) ? .null : scalar(of: type, nullShare: nullShare)
        }
    }

    /// One random value that is not null: edges of the type a quarter of the time, else small
    /// values that are likely to come again.
    public mutating func scalar(of type: DataType, nullShare: Double = 0.25) -> Scalar {
        let isEdge = chance(0.25)
        switch type {
        case .null: return .null
        case .bool: return .bool(chance(0.5))
        case .int32: return .integer(Int64(int32(isEdge: isEdge)))
        case .int64: return .integer(int64(isEdge: isEdge))
        case .float: return .double(Double(Float(double(isEdge: isEdge))))
        case .double: return .double(double(isEdge: isEdge))
        case .string: return .string(text())
        case .bytes: return .bytes(shortBytes())
        case .timestamp: return .timestamp(EventTime(microseconds: int64(isEdge: isEdge)))
        case .date: return .date(int32(isEdge: isEdge))
        case .duration: return .duration(EventDuration(microseconds: int64(isEdge: isEdge)))
        case .decimal(let precision, let scale):
            return .decimal(
                Decimal128(unscaled: unscaled(isEdge: isEdge, precision), scale: scale))
        case .vector(let length):
            return .list(scalars(length, of: .float, nullShare: 0))
        case .list(let element):
            return .list(
                scalars(Int.random(in: 0...3, using: &self), of: element, nullShare: nullShare))
        }
    }

    /// True with a probability of `share`.
    public mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < share
    }

    private mutating func int32(isEdge: Bool) -> Int32 {
        isEdge ? pick([.min, .max, 0, -1]) : Int32.random(in: -20...20, using: &self)
    }

    private mutating func int64(isEdge: Bool) -> Int64 {
        isEdge ? pick([.min, .max, 0, -1]) : Int64.random(in: -20...20, using: &self)
    }

    private mutating func double(isEdge: Bool) -> Double {
        isEdge
            ? pick([0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude])
            : Double(Int.random(in: -40...40, using: &self)) / 4
    }

    private mutating func unscaled(isEdge: Bool, _ precision: Int) -> Int128 {
        let limit = Decimal128.powerOfTen(precision) - 1
        return isEdge
            ? pick([limit, -limit, 0, -1]) : Int128(Int.random(in: -20...20, using: &self))
    }

    private mutating func text() -> String {
        String(
            (0..<Int.random(in: 0...4, using: &self)).map { _ in
                pick(["a", "b", "\0", "ä", "€", "😀", " "] as [Character])
            })
    }

    private mutating func shortBytes() -> [UInt8] {
        (0..<Int.random(in: 0...4, using: &self)).map { _ in pick([0, 1, 97, 0x80, 0xFF]) }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &self)]
    }
}

public import Values

/// A type of PostgreSQL, by the number that every server gives it.
public struct PGType: Hashable, Sendable {
    /// The number.
    public let identifier: UInt32
    /// What the type is narrowed to, such as `numeric(10,2)`; -1 = nothing.
    public let modifier: Int32

    /// Makes a type.
    public init(_ identifier: UInt32, modifier: Int32 = -1) {
        self.identifier = identifier
        self.modifier = modifier
    }

    /// `bytea`.
    public static let bytea = PGType(17)
    /// `bigint`.
    public static let int8 = PGType(20)
    /// `integer`.
    public static let int4 = PGType(23)
    /// `double precision`.
    public static let float8 = PGType(701)

    private static let numeric: UInt32 = 1700
    /// A numeric's modifier is its precision and scale behind a header of four.
    private static let modifierHeader: Int32 = 4

    private static let single: [UInt32: DataType] = [
        16: .bool, 17: .bytes, 19: .string, 20: .int64, 21: .int32, 23: .int32, 25: .string,
        700: .float, 701: .double, 1042: .string, 1043: .string, 1082: .date, 1114: .timestamp,
        1184: .timestamp,
    ]
    private static let elements: [UInt32: UInt32] = [
        1000: 16, 1001: 17, 1005: 21, 1007: 23, 1009: 25, 1015: 1043, 1016: 20, 1021: 700,
        1022: 701, 1182: 1082, 1185: 1184, 1231: numeric,
    ]

    /// Whether it is a time that does not say of which zone.
    public var isWithoutZone: Bool { identifier == 1114 }

    /// The type that holds every value of this one exactly; nil when there is none.
    public var dataType: DataType? {
        if identifier == Self.numeric { return decimal }
        if let element = Self.elements[identifier] {
            return PGType(element, modifier: modifier).dataType.map { .list($0) }
        }
        return Self.single[identifier]
    }

    private var decimal: DataType? {
        guard modifier >= Self.modifierHeader else { return nil }
        let bits = modifier - Self.modifierHeader
        let (precision, scale) = (Int(bits >> 16 & 0xFFFF), Int(bits & 0x7FF))
        guard precision <= Decimal128.greatestPrecision, scale <= precision else { return nil }
        return .decimal(precision: precision, scale: scale)
    }

    /// What a query says behind a column of this type, so that its cells come as those of
    /// `dataType`.
    public var cast: String {
        guard let type = dataType, let name = type.postgresName else { return "" }
        let isAsItIs = type.postgresIdentifier == identifier || type == .string || isWithoutZone
        return isAsItIs ? "" : "::\(name)"
    }
}

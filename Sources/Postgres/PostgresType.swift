public import Values

extension DataType {
    /// The type of a PostgreSQL column that holds these values exactly; nil for `null` and
    /// `duration`, which no column has, and for lists of lists.
    public var postgresName: String? {
        switch self {
        case .null, .duration: nil
        case .bool: "boolean"
        case .int32: "integer"
        case .int64: "bigint"
        case .float: "real"
        case .double: "double precision"
        case .string: "text"
        case .bytes: "bytea"
        case .timestamp: "timestamp with time zone"
        case .date: "date"
        case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
        case .list(let element):
            element.element == nil ? element.postgresName.map { $0 + "[]" } : nil
        case .vector: "real[]"
        }
    }

    /// The number by which the protocol names the type of a list's elements.
    var postgresIdentifier: UInt32 {
        switch self {
        case .bool: 16
        case .bytes: 17
        case .int64: 20
        case .int32: 23
        case .string: 25
        case .float: 700
        case .double: 701
        case .date: 1082
        case .timestamp: 1184
        case .decimal: 1700
        case .null, .duration, .list, .vector: 0
        }
    }
}

/// PostgreSQL counts from 2000-01-01.
enum PostgresEpoch {
    /// In microseconds after 1970-01-01.
    static let microseconds: Int64 = 946_684_800_000_000
    /// In days after 1970-01-01.
    static let days: Int32 = 10_957
    /// What `timestamp` can hold, in microseconds after 2000-01-01: from 4713 BC to AD 294276.
    static let timestamps: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000
    /// What `date` can hold, in days after 2000-01-01: from 4713 BC to AD 5874897.
    static let dates: Range<Int32> = -2_451_545..<2_145_031_949
}

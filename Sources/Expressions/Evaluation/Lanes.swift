import Columns

/// The values of all rows: one for all of them, or one each.
enum Lane<Element: BitwiseCopyable & Sendable> {
    case constant(Element)
    case values(FixedValues<Element>)
}

/// The truth of all rows.
enum BitLane {
    case constant(Bool)
    case bits(Bitmap)
}

/// The texts of all rows.
struct BytesLane {
    let values: BytesValues
    /// Whether the only text stands for every row.
    let isConstant: Bool

    func index(of row: Int) -> Int { isConstant ? 0 : row }

    /// One text for every row.
    init(_ text: String) {
        var builder = BytesValuesBuilder(capacity: 1)
        builder.append(text.utf8)
        self.init(values: builder.finish(), isConstant: true)
    }

    init(values: BytesValues, isConstant: Bool) {
        self.values = values
        self.isConstant = isConstant
    }
}

/// The lists of all rows.
struct ListLane {
    let column: Column
    /// Whether the only list stands for every row.
    let isConstant: Bool
}

/// The values of an operand by physical layout, without its nulls.
enum Lanes {
    case bits(BitLane)
    /// `int32`, `date`
    case int32(Lane<Int32>)
    /// `int64`, `timestamp`, `duration`
    case int64(Lane<Int64>)
    case float(Lane<Float>)
    case double(Lane<Double>)
    /// `decimal`: the digits without the point.
    case decimal(Lane<Int128>)
    /// `string`, `bytes`
    case bytes(BytesLane)
    case list(ListLane)

    /// Whether one value stands for every row.
    var isConstant: Bool {
        switch self {
        case .bits(.constant), .int32(.constant), .int64(.constant), .float(.constant),
            .double(.constant), .decimal(.constant):
            true
        case .bytes(let lane): lane.isConstant
        case .list(let lane): lane.isConstant
        default: false
        }
    }
}

/// What a subexpression evaluates to.
enum Operand {
    /// Every row is null.
    case null
    /// The rows that `validity` marks have the values; all have them when it is nil.
    case rows(Lanes, validity: Bitmap?)
}

extension BitLane {
    var inverted: BitLane {
        switch self {
        case .constant(let bit): .constant(!bit)
        case .bits(let bits): .bits(bits.inverted)
        }
    }

    func and(_ other: BitLane) -> BitLane {
        switch (self, other) {
        case (.constant(false), _), (_, .constant(false)): .constant(false)
        case (.constant(true), let rest), (let rest, .constant(true)): rest
        case (.bits(let left), .bits(let right)): .bits(left.combined(with: right) { $0 & $1 })
        }
    }

    func or(_ other: BitLane) -> BitLane {
        switch (self, other) {
        case (.constant(true), _), (_, .constant(true)): .constant(true)
        case (.constant(false), let rest), (let rest, .constant(false)): rest
        case (.bits(let left), .bits(let right)): .bits(left.combined(with: right) { $0 | $1 })
        }
    }

    /// As the set of rows of a column: nil stands for all of them.
    init(_ rows: Bitmap?) {
        self = rows.map { .bits($0) } ?? .constant(true)
    }

    func bitmap(count: Int) -> Bitmap {
        switch self {
        case .constant(let bit): Bitmap(repeating: bit, count: count)
        case .bits(let bits): bits
        }
    }

    func isSet(_ row: Int) -> Bool {
        switch self {
        case .constant(let bit): bit
        case .bits(let bits): bits[row]
        }
    }

    func onesCount(of count: Int) -> Int {
        switch self {
        case .constant(let bit): bit ? count : 0
        case .bits(let bits): bits.onesCount
        }
    }
}

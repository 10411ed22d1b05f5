import Columns
import TestSupport
import Values

/// All types that a file can hold.
let scalarTypes: [DataType] = [
    .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
    .decimal(precision: 9, scale: 2), .decimal(precision: 18, scale: 0),
    .decimal(precision: 38, scale: 11),
]

/// How the values of a random column are chosen.
enum ColumnKind: CaseIterable {
    case few, many, withNulls, allNull, runs, longStrings
}

/// A batch with a column of every type and kind, and of lists.
func randomBatch(rows: Int, seed: UInt64) -> ColumnBatch {
    var generator = SeededGenerator(seed: seed)
    var fields: [Field] = []
    var columns: [Column] = []
    for type in scalarTypes {
        for kind in ColumnKind.allCases where kind != .longStrings || type == .string {
            fields.append(Field(name: "\(type)_\(kind)", type: type))
            columns.append(randomColumn(type, kind, rows: rows, using: &generator))
        }
        let list = DataType.list(type)
        fields.append(Field(name: "list_\(type)", type: list))
        columns.append(randomLists(type, rows: rows, using: &generator))
    }
    return ColumnBatch(schema: Schema(fields), columns: columns, rowCount: rows)
}

private func randomColumn(
    _ type: DataType, _ kind: ColumnKind, rows: Int, using generator: inout SeededGenerator
) -> Column {
    let palette = (0..<7).map { _ in randomScalar(type, kind, using: &generator) }
    var previous = Scalar.null
    let values = (0..<rows).map { row -> Scalar in
        switch kind {
        case .few: return palette[Int.random(in: 0..<7, using: &generator)]
        case .many, .longStrings: return randomScalar(type, kind, using: &generator)
        case .withNulls:
            return Bool.random(using: &generator)
                ? .null : randomScalar(type, kind, using: &generator)
        case .allNull: return .null
        case .runs:
            if row % 37 == 0 {
                previous = Bool.random(using: &generator) ? .null : palette[row % 7]
            }
            return previous
        }
    }
    return Column(type: type, values)
}

private func randomLists(
    _ element: DataType, rows: Int, using generator: inout SeededGenerator
) -> Column {
    let values = (0..<rows).map { _ -> Scalar in
        if Int.random(in: 0..<5, using: &generator) == 0 { return .null }
        return .list(
            (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                Int.random(in: 0..<4, using: &generator) == 0
                    ? .null : randomScalar(element, .many, using: &generator)
            })
    }
    return Column(type: .list(element), values)
}

private func randomScalar(
    _ type: DataType, _ kind: ColumnKind, using generator: inout SeededGenerator
) -> Scalar {
    let bits = generator.next()
    // Years 1 to 9999, which the judges can print.
    let time = Int64.random(
        in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator)
    switch type {
    case .bool: return .bool(bits & 1 == 1)
    case .int32: return .integer(Int64(Int32(truncatingIfNeeded: bits >> (bits & 31))))
    case .int64: return .integer(Int64(bitPattern: bits) >> Int64(bits & 63))
    case .float: return .double(Double(randomFloat(bits)))
    case .double: return .double(randomDouble(bits))
    case .string: return .string(randomText(kind, using: &generator))
    case .bytes:
        return .bytes((0..<Int(bits % 20)).map { UInt8(truncatingIfNeeded: bits >> UInt64($0)) })
    case .timestamp: return .timestamp(EventTime(microseconds: time))
    case .date: return .date(Int32(time / 86_400_000_000))
    case .decimal(let precision, let scale):
        let wide = Int128(Int64(bitPattern: bits)) * Int128(Int64(bitPattern: generator.next()))
        let unscaled = wide >> Int128(bits & 127) % Decimal128.powerOfTen(precision)
        return .decimal(Decimal128(unscaled: unscaled, scale: scale))
    default: preconditionFailure("no scalar")
    }
}

private func randomFloat(_ bits: UInt64) -> Float {
    switch bits % 9 {
    case 0: .nan
    case 1: 0
    case 2: .infinity
    case 3: .leastNonzeroMagnitude
    default:
        Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 16) & 0xbfff_ffff)
    }
}

private func randomDouble(_ bits: UInt64) -> Double {
    switch bits % 9 {
    case 0: .nan
    case 1: 0
    case 2: -.infinity
    case 3: -.leastNonzeroMagnitude
    default: Double(bitPattern: bits & 0xbfff_ffff_ffff_ffff)
    }
}

private func randomText(_ kind: ColumnKind, using generator: inout SeededGenerator) -> String {
    let alphabet: [Character] = ["a", "z", "0", " ", "ä", "€", "😀", "\u{0}"]
    let limit = kind == .longStrings ? 300 : 12
    return String(
        (0..<Int.random(in: 0...limit, using: &generator)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        })
}

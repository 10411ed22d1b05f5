import Columns
import TestSupport
import Values

@testable import Expressions

/// Draws calls of everything in the table of functions, with no oracle: whatever type is asked
/// for, it picks an overload that gives it and draws its arguments, nasty ones among them.
struct TableGenerator {
    var random: SeededGenerator
    private static let producers: [DataType: [(name: String, overload: Overload)]] =
        FunctionTable.functions.values.sorted { $0.name < $1.name }
        .reduce(into: [:]) { producers, function in
            for overload in function.overloads {
                producers[overload.result, default: []].append((function.name, overload))
            }
        }

    static let columns: [Field] = [
        Field(name: "a", type: .double), Field(name: "f", type: .float),
        Field(name: "i", type: .int64), Field(name: "k", type: .int32),
        Field(name: "p", type: .bool), Field(name: "s", type: .string),
        Field(name: "by", type: .bytes), Field(name: "t", type: .timestamp),
        Field(name: "d", type: .date), Field(name: "xs", type: .list(.int64)),
        Field(name: "ys", type: .list(.double)), Field(name: "fs", type: .list(.float)),
        Field(name: "ss", type: .list(.string)), Field(name: "ts", type: .list(.timestamp)),
        Field(name: "ks", type: .list(.int32)), Field(name: "ps", type: .list(.bool)),
        Field(name: "ds", type: .list(.date)), Field(name: "bs", type: .list(.bytes)),
        Field(name: "e", type: .vector(length: 3)),
    ]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func batch() -> ColumnBatch {
        let count = pick([0, 1, 7, 64, 70])
        let columns = Self.columns.map { field -> Column in
            let nulls = pick([0, 2, 10])
            let values = (0..<count).map { _ in
                Int.random(in: 0..<10, using: &random) < nulls ? .null : cell(field.type)
            }
            return Column(type: field.type, values)
        }
        return ColumnBatch(schema: Schema(Self.columns), columns: columns, rowCount: count)
    }

    private mutating func cell(_ type: DataType) -> Scalar {
        switch type {
        case .bool: return .bool(Bool.random(using: &random))
        case .int32: return .integer(pick([0, 1, -1, 7, Int64(Int32.min), Int64(Int32.max)]))
        case .int64: return .integer(pick([0, 1, -2, 3, 12, .min, .max]))
        case .float: return .double(Double(pick([0, 1.5, -2, .nan, .infinity, 3e38] as [Float])))
        case .double:
            return .double(
                pick([0, 0.5, -1, 89, 1e15, .nan, .infinity, -.infinity, 1e308, 5e-324]))
        case .string: return .string(pick(["", "a", "%_!", "ab\u{e9}", "\u{1F600}x", " x ", "12"]))
        case .bytes: return .bytes(pick([[], [0x80], [0xC3], [1, 2, 255]]))
        case .timestamp:
            return .timestamp(
                EventTime(
                    microseconds: pick([0, -1, 1_706_695_200_000_001, .max, .min, -1 << 62])))
        case .date: return .date(pick([0, -1, 19_753, .max, .min]))
        case .vector(let length): return .list((0..<length).map { _ in cell(.float) })
        case .list(let element):
            return .list(
                (0..<pick([0, 1, 3])).map { _ in
                    Int.random(in: 0..<5, using: &random) == 0 ? .null : cell(element)
                })
        default: return .null
        }
    }

    /// An expression of `type`, or of one that is converted to it.
    mutating func text(_ type: DataType, depth: Int) -> String {
        let producers = Self.producers[type] ?? []
        if depth == 0 || producers.isEmpty || Int.random(in: 0..<8, using: &random) == 0 {
            return leaf(type, depth)
        }
        if Int.random(in: 0..<6, using: &random) == 0 { return form(type, depth - 1) }
        let (name, overload) = pick(producers)
        return call(name, overload, depth: depth)
    }

    private mutating func leaf(_ type: DataType, _ depth: Int) -> String {
        let columns = Self.columns.filter { $0.type.coerces(to: type) }.map(\.name)
        if !columns.isEmpty, Int.random(in: 0..<3, using: &random) > 0 { return pick(columns) }
        switch type {
        case .bool: return pick(["true", "false", "null"])
        case .int64: return pick(["0", "1", "-1", "22", "9223372036854775807", "null"])
        case .double: return pick(["0.5", "-1e308", "1e-300", "3", "null"])
        case .string: return pick(["''", "'a'", "'%'", "'it''s'", "null"])
        case .timestamp: return "timestamp '2024-03-10T07:30:00Z'"
        case .duration: return pick(["hours(\(pick(["1", "i", "a"])))", "t - t"])
        case .list(let element):
            if depth > 0, element != .bytes, element != .float, element != .int32 {
                return "[\(text(element, depth: depth - 1)), \(named(element))]"
            }
            return columns.first ?? "null"
        default: return "cast(null as \(type))"
        }
    }

    /// The column of exactly `type`, which fixes the type of a list.
    private func named(_ type: DataType) -> String {
        Self.columns.first { $0.type == type }?.name ?? "null"
    }

    private mutating func form(_ type: DataType, _ depth: Int) -> String {
        let (x, y) = (text(type, depth: depth), text(type, depth: depth))
        let condition = text(.bool, depth: depth)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return "if(\(condition), \(x), \(y))"
        case 1: return "case when \(condition) then \(x) else \(y) end"
        case 2: return "case \(text(.int64, depth: depth)) when 1 then \(x) when k then \(y) end"
        case 3: return "coalesce(\(x), \(y))"
        case 4: return "nullif(\(x), \(y))"
        case 5 where type == .bool: return "((\(x)) in (\(y), \(condition)))"
        case 5 where type == .string: return "concat(\(x), \(y))"
        case 6 where type == .bool: return "((\(x)) between (\(y)) and (\(condition)))"
        default: return "greatest(\(x), \(y))"
        }
    }

    mutating func call(_ name: String, _ overload: Overload, depth: Int) -> String {
        let arguments = overload.parameters.map { argument($0, depth: depth - 1) }
        if name == FormName.negation { return "-(\(arguments[0]))" }
        if name == FormName.not { return "(not (\(arguments[0])))" }
        if name == FormName.like {
            let escape = arguments.count > 2 ? " escape \(arguments[2])" : ""
            return "((\(arguments[0])) like (\(arguments[1]))\(escape))"
        }
        if Precedence(ofBinary: name) != nil {
            return "((\(arguments[0])) \(name) (\(arguments[1])))"
        }
        return "\(name)(\(arguments.joined(separator: ", ")))"
    }

    private mutating func argument(_ parameter: Parameter, depth: Int) -> String {
        switch parameter {
        case .value(let type): text(type, depth: max(0, depth))
        case .word(let words): "'\(pick(words))'"
        case .zone: pick(["'UTC'", "'America/New_York'", "'-11:30'", "'Australia/Lord_Howe'"])
        case .edges: pick(["[0]", "[-1, 0.5, 1e308]", "[1, 2, 3]"])
        case .character: pick(["'!'", "'%'", "'_'"])
        case .decimal: "cast(\(text(.int64, depth: max(0, depth))) as decimal(9,2))"
        case .anyList: pick(Self.columns.filter { $0.type.element != nil }.map(\.name))
        }
    }
}

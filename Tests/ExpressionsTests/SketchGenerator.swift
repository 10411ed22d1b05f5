import Columns
import Expressions
import TestSupport
import Values

/// Draws well-typed expressions and the rows they run on.
struct SketchGenerator {
    var random: SeededGenerator

    static let columns: [(name: String, type: DataType)] = [
        ("a", .double), ("b", .double), ("f", .float), ("i", .int64), ("j", .int64),
        ("k", .int32), ("p", .bool), ("q", .bool), ("s", .string), ("u", .string),
        ("t", .timestamp), ("v", .timestamp), ("d", .date),
    ]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    mutating func batch(rowCount: Int? = nil) -> ColumnBatch {
        let count = rowCount ?? pick([0, 1, 2, 63, 64, 65, 130])
        let columns = Self.columns.map { column -> Column in
            let nulls = pick([0, 0, 1, 5, 10])
            let values = (0..<count).map { _ -> Scalar in
                Int.random(in: 0..<10, using: &random) < nulls ? .null : cell(column.type)
            }
            return Column(type: column.type, values)
        }
        return ColumnBatch(
            schema: Schema(Self.columns.map { Field(name: $0.name, type: $0.type) }),
            columns: columns, rowCount: count)
    }

    private mutating func cell(_ type: DataType) -> Scalar {
        switch type {
        case .bool: .bool(Bool.random(using: &random))
        case .double:
            .double(
                pick([
                    0, 1, -1, 0.5, 2.5, .nan, .infinity, -.infinity, 1e308, -1e308,
                    .leastNonzeroMagnitude, 0x1p63,
                    Double.random(in: -10...10, using: &random),
                ]))
        case .float:
            .double(Double(pick([0, 1.5, -2, .nan, .infinity, Float(0.1), 3e38] as [Float])))
        case .int64:
            .integer(
                pick([0, 1, -1, 2, 3, .min, .max, Int64.random(in: -99...99, using: &random)]))
        case .int32: .integer(Int64(pick([0, 1, -1, 7, Int32.min, .max] as [Int32])))
        case .string:
            .string(
                pick([
                    "", "a b", " a", "%_", "ab\u{e9}ba", "a", "b", "\u{e9}", "12", "-3", "1.5",
                    "1e3", "true", "it's",
                ]))
        case .timestamp:
            .timestamp(
                EventTime(
                    microseconds: pick([
                        0, -1, 1_706_695_200_000_001, .max, .min, -86_400_000_000,
                    ])))
        default: .date(pick([0, -1, 19_753, Int32.max, .min] as [Int32]))
        }
    }

    /// An expression of exactly `type`.
    mutating func draw(_ type: DataType, depth: Int) -> Sketch {
        var sketch: Sketch
        switch Int.random(in: 0..<10, using: &random) {
        case _ where depth == 0, 0: sketch = leaf(type)
        case 1: sketch = conditional(type, depth)
        case 2: sketch = coalesce(type, depth)
        case 3: sketch = form(type, depth - 1)
        case 4, 5: sketch = function(type, depth - 1) ?? operation(type, depth - 1)
        default: sketch = operation(type, depth - 1)
        }
        if Int.random(in: 0..<12, using: &random) == 0 {
            sketch = Sketch("( \(sketch.text) )", 8, sketch.type, sketch.value)
        }
        return sketch
    }

    private mutating func leaf(_ type: DataType) -> Sketch {
        let names = Self.columns.filter { $0.type == type }.map(\.name)
        if let name = names.isEmpty ? nil : pick(names), Int.random(in: 0..<3, using: &random) > 0 {
            return Sketch(name, 8, type) { row, _ in row[name] ?? .null }
        }
        switch type {
        case .bool:
            let value = Bool.random(using: &random)
            return Sketch("\(value)", 8, type) { _, _ in .bool(value) }
        case .int64:
            let value: Int64 = pick([0, 1, 2, 7, -1, .max, .min])
            return Sketch("\(value)", value < 0 ? 7 : 8, type) { _, _ in .integer(value) }
        case .double:
            let value: Double = pick([0, 1, 0.1, -2.5, 1e300, 1e-7])
            return Sketch("\(value)", value < 0 ? 7 : 8, type) { _, _ in .double(value) }
        case .string:
            let value = pick(["", "a", "it's", "12", "false"])
            let quoted = value.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "''")
            return Sketch("'\(quoted)'", 8, type) { _, _ in .string(value) }
        case .timestamp:
            return Sketch("timestamp '1970-01-01T01:00:00+01:00'", 8, type) { _, _ in
                .timestamp(EventTime(microseconds: 0))
            }
        case .duration: return duration(leaf(pick([.int64, .double])))
        default:
            return Sketch("cast(null as \(type))", 8, type) { _, _ in .null }
        }
    }

    mutating func number(_ depth: Int) -> Sketch {
        draw(pick([.int64, .int64, .double, .double, .int32, .float]), depth: depth)
    }

    mutating func integer(_ depth: Int) -> Sketch {
        draw(pick([.int64, .int64, .int32]), depth: depth)
    }

    private mutating func operation(_ type: DataType, _ depth: Int) -> Sketch {
        switch type {
        case .bool: return truth(depth)
        case .int64: return integerOperation(depth)
        case .double: return doubleOperation(depth)
        case .string:
            let operand = draw(pick([.int64, .int32, .bool]), depth: depth)
            return .unary("cast(\(operand.text) as string)", .string, operand) { value, _ in
                switch value {
                case .bool(let bool): .string(bool ? "true" : "false")
                default: .string("\(OracleArithmetic.wide(value))")
                }
            }
        case .timestamp:
            let (time, span) = (draw(.timestamp, depth: depth), draw(.duration, depth: depth))
            return Bool.random(using: &random)
                ? integers("+", .timestamp, span, time)
                : integers(pick(["+", "-"]), .timestamp, time, span)
        case .duration: return durationOperation(depth)
        case .date:
            let time = draw(.timestamp, depth: depth)
            return .unary("cast(\(time.text) as date)", .date, time) { value, _ in
                let micros = OracleArithmetic.wide(value)
                let rest = (micros % 86_400_000_000 + 86_400_000_000) % 86_400_000_000
                return .date(Int32((micros - rest) / 86_400_000_000))
            }
        case .int32: return castToInteger(.int32, depth)
        default:
            let operand = draw(pick([.double, .int64]), depth: depth)
            return .unary("cast(\(operand.text) as float)", .float, operand) { value, _ in
                if case .integer(let integer) = value { return .double(Double(Float(integer))) }
                return OracleArithmetic.canonical(Double(Float(OracleArithmetic.double(value))))
            }
        }
    }

    private func integers(
        _ name: String, _ type: DataType, _ left: Sketch, _ right: Sketch
    ) -> Sketch {
        .binary(name, name == "+" || name == "-" ? 5 : 6, type, left, right) { a, b, faults in
            OracleArithmetic.integer(name, type, a, b, &faults)
        }
    }

    private mutating func integerOperation(_ depth: Int) -> Sketch {
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return castToInteger(.int64, depth)
        case 1: return negated(.int64, integer(depth))
        case 2:
            let operand = integer(depth)
            return .unary("abs(\(operand.text))", .int64, operand) { value, faults in
                let wide = OracleArithmetic.wide(value)
                return OracleArithmetic.fit(wide < 0 ? -wide : wide, .int64, &faults)
            }
        default:
            return integers(
                pick(["+", "-", "*", "//", "%"]), .int64, integer(depth), integer(depth))
        }
    }

    private func negated(_ type: DataType, _ operand: Sketch) -> Sketch {
        // A minus before digits would belong to the literal.
        .unary("-(\(operand.text))", type, operand, level: 7) { value, faults in
            if type == .double {
                return OracleArithmetic.canonical(-OracleArithmetic.double(value))
            }
            return OracleArithmetic.fit(-OracleArithmetic.wide(value), type, &faults)
        }
    }

    private mutating func castToInteger(_ type: DataType, _ depth: Int) -> Sketch {
        let operand = draw(pick([.double, .float, .int64, .bool, .string]), depth: depth)
        let range =
            type == .int32 ? Double(Int32.min)...0x1.fffffffcp30 : -0x1p63...0x1.fffffffffffffp62
        return .unary("cast(\(operand.text) as \(type))", type, operand) { value, faults in
            var whole: Int128?
            switch value {
            case .double(let double):
                let truncated = double.rounded(.towardZero)
                whole = range.contains(truncated) ? Int128(truncated) : nil
            case .string(let text):
                let isPlain = text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 45 }
                whole = isPlain ? Int128(text) : nil
            default: whole = OracleArithmetic.wide(value)
            }
            let fitting = whole.flatMap { Int64(exactly: $0) }.flatMap {
                type == .int32 ? Int32(exactly: $0).map { Int64($0) } : $0
            }
            if fitting == nil { faults.badCast += 1 }
            return fitting.map { .integer($0) } ?? .null
        }
    }

    private mutating func doubleOperation(_ depth: Int) -> Sketch {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return negated(.double, draw(pick([.double, .float]), depth: depth))
        case 1:
            let (a, b) = (draw(.duration, depth: depth), draw(.duration, depth: depth))
            return .binary("/", 6, .double, a, b) { a, b, faults in
                OracleArithmetic.real(
                    "/", Double(Int64(OracleArithmetic.wide(a))),
                    Double(Int64(OracleArithmetic.wide(b))), &faults)
            }
        case 2: return reals("/", number(depth), number(depth))
        default:
            return reals(
                pick(["+", "-", "*"]), draw(pick([.double, .float]), depth: depth), number(depth))
        }
    }

    private func reals(_ name: String, _ left: Sketch, _ right: Sketch) -> Sketch {
        .binary(name, name == "+" || name == "-" ? 5 : 6, .double, left, right) { a, b, faults in
            OracleArithmetic.real(
                name, OracleArithmetic.double(a), OracleArithmetic.double(b), &faults)
        }
    }

    private mutating func durationOperation(_ depth: Int) -> Sketch {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return duration(number(depth))
        case 1: return negated(.duration, draw(.duration, depth: depth))
        case 2:
            return integers(
                "-", .duration, draw(.timestamp, depth: depth), draw(.timestamp, depth: depth))
        default:
            return integers(
                pick(["+", "-"]), .duration, draw(.duration, depth: depth),
                draw(.duration, depth: depth))
        }
    }

    private func duration(_ amount: Sketch) -> Sketch {
        .unary("minutes(\(amount.text))", .duration, amount) { value, faults in
            if case .integer(let integer) = value {
                return OracleArithmetic.fit(Int128(integer) * 60_000_000, .duration, &faults)
            }
            let amount = OracleArithmetic.double(value)
            guard amount.magnitude < 0x1p50 else {
                faults.overflow += 1
                return .null
            }
            return OracleArithmetic.fit(
                OracleArithmetic.roundedProduct(amount, 60_000_000), .duration, &faults)
        }
    }

    private mutating func truth(_ depth: Int) -> Sketch {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let operand = draw(.bool, depth: depth)
            return .unary("not \(operand.text(atLeast: 3))", .bool, operand, level: 3) { value, _ in
                .bool(value == .bool(false))
            }
        case 1, 2: return logical(Bool.random(using: &random), depth)
        case 3:
            let type = pick([.bool, .int64, .double, .string, .timestamp, .date] as [DataType])
            let operand = draw(type, depth: depth)
            let isNegated = Bool.random(using: &random)
            let text = operand.text(atLeast: 5) + (isNegated ? " is not null" : " is null")
            return Sketch(text, 4, .bool) { row, faults in
                .bool((operand.value(row, &faults) == .null) != isNegated)
            }
        default:
            let name = pick(["=", "==", "!=", "<>", "<", "<=", ">", ">="])
            let type = pick(
                [.bool, .int64, .double, .string, .timestamp, .duration, .date] as [DataType])
            let isNumber = type == .int64 || type == .double
            let left = isNumber ? number(depth) : draw(type, depth: depth)
            let right = isNumber ? number(depth) : draw(type, depth: depth)
            return .binary(name, 4, .bool, left, right) { a, b, _ in
                .bool(OracleArithmetic.holds(name, OracleArithmetic.order(a, b)))
            }
        }
    }

    /// The right side is not looked at when the left decides.
    private mutating func logical(_ isAnd: Bool, _ depth: Int) -> Sketch {
        let (left, right) = (draw(.bool, depth: depth), draw(.bool, depth: depth))
        let level = isAnd ? 2 : 1
        let text =
            "\(left.text(atLeast: level)) \(isAnd ? "and" : "or") \(right.text(atLeast: level + 1))"
        return Sketch(text, level, .bool) { row, faults in
            let a = left.value(row, &faults)
            if a == .bool(!isAnd) { return a }
            let b = right.value(row, &faults)
            return b == .bool(!isAnd) ? b : a == .null ? a : b
        }
    }

    /// Operands whose common type is `type`.
    mutating func parts(_ type: DataType, _ count: Int, _ depth: Int) -> [Sketch] {
        (0..<count).map { index in
            if index > 0, type == .int64 { return integer(depth) }
            if index > 0, type == .double { return number(depth) }
            return draw(type, depth: depth)
        }
    }

    mutating func conditional(_ type: DataType, _ depth: Int) -> Sketch {
        let condition = draw(.bool, depth: depth - 1)
        let branches = parts(type, 2, depth - 1)
        let text = "if(\(condition.text), \(branches[0].text), \(branches[1].text))"
        return Sketch(text, 8, type) { row, faults in
            let isTrue = condition.value(row, &faults) == .bool(true)
            return OracleArithmetic.widen(branches[isTrue ? 0 : 1].value(row, &faults), type)
        }
    }

    private mutating func coalesce(_ type: DataType, _ depth: Int) -> Sketch {
        let operands = parts(type, pick([1, 2, 3]), depth - 1)
        let text = "coalesce(\(operands.map(\.text).joined(separator: ",")))"
        return Sketch(text, 8, type) { row, faults in
            for operand in operands {
                let value = operand.value(row, &faults)
                if value != .null { return OracleArithmetic.widen(value, type) }
            }
            return .null
        }
    }
}

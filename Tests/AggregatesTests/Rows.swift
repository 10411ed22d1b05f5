import TestSupport
import Testing
import Values

@testable import Aggregates

/// Every pair of a function and a type of argument that it takes.
let aggregateKinds: [AggregateKind] = {
    let functions: [AggregateFunction] = [
        .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .firstValues(2),
        .lastValues(3), .distinct, .distinctExact(cap: 3), .quantile(quantile(0.5)),
        .quantile(quantile(0.9)), .top(1), .top(3), .histogram(edges([0])),
        .histogram(edges([-100, -1, 0.25, 1, 1e200])), .decayedSum(halfLife: .seconds(1)),
        .decayedSum(halfLife: EventDuration(microseconds: 3)),
    ]
    let types: [DataType?] = [
        nil, .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
        .decimal(precision: 9, scale: 2), .decimal(precision: 38, scale: 38),
    ]
    return functions.flatMap { function in
        types.compactMap { type in
            (try? function.resultType(of: type)).map { _ in
                AggregateKind(function: function, inputType: type)
            }
        }
    }
}()

func quantile(_ share: Double) -> Quantile {
    guard let quantile = Quantile(share) else { preconditionFailure("\(share) is no share") }
    return quantile
}

func edges(_ values: [Double]) -> HistogramEdges {
    guard let edges = HistogramEdges(values) else { preconditionFailure("\(values) are no edges") }
    return edges
}

struct AggregateKind: Sendable, CustomTestStringConvertible {
    var function: AggregateFunction
    var inputType: DataType?

    var testDescription: String { "\(function) of \(inputType?.description ?? "rows")" }

    func partial(of rows: some Sequence<RankedValue>) throws -> Partial {
        var partial = try Partial(function, inputType: inputType)
        for row in rows { partial.fold(row) }
        return partial
    }
}

extension Partial {
    /// The value, as of a time a little after those of `randomRows`.
    func finalised() -> Scalar { finalise(at: EventTime(microseconds: 7)) }

    mutating func fold(_ row: RankedValue) {
        fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
    }
}

/// The rows in some order, cut into some parts, merged along some tree.
func mergedAtRandom(
    _ rows: [RankedValue], _ kind: AggregateKind, using generator: inout SeededGenerator
) throws -> Partial {
    var parts: [Partial] = try [kind.partial(of: [])]
    for row in rows.shuffled(using: &generator) {
        if Int.random(in: 0..<3, using: &generator) == 0 { parts.append(try kind.partial(of: [])) }
        let part = Int.random(in: parts.indices, using: &generator)
        parts[part].fold(row)
    }
    while parts.count > 1 {
        let part = parts.remove(at: Int.random(in: parts.indices, using: &generator))
        parts[Int.random(in: parts.indices, using: &generator)].merge(part)
    }
    return parts[0]
}

/// Rows with many ties; one in six values is null.
func randomRows(
    count: Int, type: DataType?, using generator: inout SeededGenerator
) -> [RankedValue] {
    let doubles = NastyValues.random(count: count, using: &generator)
    return doubles.map { double in
        let isNull = type == nil || Int.random(in: 0..<6, using: &generator) == 0
        return RankedValue(
            eventTime: EventTime(microseconds: Int64.random(in: -2...2, using: &generator)),
            knownAt: EventTime(microseconds: Int64.random(in: -1...1, using: &generator)),
            value: isNull ? .null : randomValue(type, double, using: &generator))
    }
}

private func randomValue(
    _ type: DataType?, _ double: Double, using generator: inout SeededGenerator
) -> Scalar {
    let texts = ["", "a", "b", "é", "e\u{301}", "\u{10000}", "\u{ffff}", "aa"]
    let integers: [Int64] = [.min, .max, 0, -1, 1, 255, 256]
    let useSpecial = Int.random(in: 0..<5, using: &generator) == 0
    switch type {
    case .bool: return .bool(Bool.random(using: &generator))
    case .int32: return .integer(Int64(Int32(truncatingIfNeeded: generator.next())))
    case .int64: return .integer(integers.randomElement(using: &generator) ?? 0)
    case .float: return .double(Double(Float(double)))
    case .double:
        return .double(
            useSpecial ? NastyValues.special.randomElement(using: &generator) ?? 0 : double)
    case .string: return .string(texts.randomElement(using: &generator) ?? "")
    case .bytes: return .bytes(Array((texts.randomElement(using: &generator) ?? "").utf8))
    case .timestamp:
        return .timestamp(EventTime(microseconds: integers.randomElement(using: &generator) ?? 0))
    case .decimal(let precision, let scale):
        let limit = Decimal128.powerOfTen(precision) - 1
        let small = Int128(Int64(truncatingIfNeeded: generator.next() % 1_000)) - 500
        let digits = useSpecial ? [limit, -limit].randomElement(using: &generator) ?? 0 : small
        return .decimal(Decimal128(unscaled: digits, scale: scale))
    default: return .date(Int32(truncatingIfNeeded: generator.next()))
    }
}

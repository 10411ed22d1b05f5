import TestSupport
import Testing
import Values

@testable import Aggregates

@Suite("Values of aggregates")
struct PartialValueTests {
    @Test("no rows give 0 for counts and null for everything else", arguments: aggregateKinds)
    func empty(kind: AggregateKind) throws {
        let value = try kind.partial(of: []).finalised()
        #expect(value == kind.function.valueOfNothing)
        let counts: Set = ["count", "distinct", "distinct_exact"]
        #expect(value == (counts.contains(kind.function.name) ? .integer(0) : .null))
    }

    @Test("only nulls give what no rows give, but count() counts them", arguments: aggregateKinds)
    func onlyNulls(kind: AggregateKind) throws {
        let value = try kind.partial(of: [row(1, .null), row(2, .null)]).finalised()
        if kind.function == .count {
            #expect(value == .integer(kind.inputType == nil ? 2 : 0))
        } else {
            #expect(value == kind.function.valueOfNothing)
        }
    }

    @Test("first, last, min, max and top agree with sorting", arguments: aggregateKinds)
    func sorting(kind: AggregateKind) throws {
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = randomRows(count: 9, type: kind.inputType, using: &generator)
            guard let expected = sorted(rows, kind.function) else { return }
            let value = try kind.partial(of: rows).finalised()
            #expect(value.bytes == expected.bytes, "seed \(seed)")
        }
    }

    private func sorted(_ rows: [RankedValue], _ function: AggregateFunction) -> Scalar? {
        let ranked = rows.filter { $0.value != .null }.sorted().map(\.value.canonical)
        let values = ranked.sorted { ValueOrder.compare($0, $1) < 0 }
        func list(_ part: some Sequence<Scalar>) -> Scalar {
            ranked.isEmpty ? .null : .list(Array(part))
        }
        return switch function {
        case .first: ranked.first ?? .null
        case .last: ranked.last ?? .null
        case .firstValues(let length): list(ranked.prefix(length))
        case .lastValues(let length): list(ranked.suffix(length))
        case .min: values.first ?? .null
        case .max: values.last ?? .null
        case .top(let length): list(values.reversed().prefix(length))
        default: nil
        }
    }

    @Test("ties are decided by event time, known-at and value, in this order")
    func ties() throws {
        let kind = AggregateKind(function: .last, inputType: .string)
        let rows = [
            row(1, .string("z"), known: 9), row(2, .string("b"), known: 1),
            row(2, .string("a"), known: 2), row(2, .string("A"), known: 2),
        ]
        #expect(try kind.partial(of: rows).finalised() == .string("a"))
        #expect(
            try AggregateKind(function: .lastValues(3), inputType: .string).partial(of: rows)
                .finalised() == .list([.string("b"), .string("A"), .string("a")]))
    }

    @Test("duplicates count twice")
    func duplicates() throws {
        let kind = AggregateKind(function: .lastValues(3), inputType: .int64)
        let same = row(5, .integer(7))
        #expect(
            try kind.partial(of: [same, same]).finalised() == .list([.integer(7), .integer(7)]))
    }

    @Test("min ignores NaN unless all are, max is NaN if any is")
    func notANumber() throws {
        let rows = [row(1, .double(.nan)), row(2, .double(-1)), row(3, .double(.infinity))]
        let min = AggregateKind(function: .min, inputType: .double)
        let max = AggregateKind(function: .max, inputType: .double)
        #expect(try min.partial(of: rows).finalised() == .double(-1))
        #expect(try max.partial(of: rows).finalised().bytes == Scalar.double(.nan).bytes)
        #expect(try min.partial(of: rows[..<1]).finalised().bytes == Scalar.double(.nan).bytes)
    }

    @Test("strings are ordered and told apart by their UTF-8 bytes")
    func strings() throws {
        #expect(ValueOrder.compare(.string("\u{ffff}"), .string("\u{10000}")) < 0)
        #expect(ValueOrder.compare(.string("é"), .string("e\u{301}")) > 0)
        let kind = AggregateKind(function: .max, inputType: .string)
        let composed = try kind.partial(of: [row(1, .string("é"))])
        let decomposed = try kind.partial(of: [row(1, .string("e\u{301}"))])
        #expect(composed != decomposed)
    }

    @Test("null comes first and false before true")
    func order() {
        #expect(ValueOrder.compare(.null, .bool(false)) < 0)
        #expect(ValueOrder.compare(.bool(false), .bool(true)) < 0)
        #expect(ValueOrder.compare(.double(.infinity), .double(.nan)) < 0)
        #expect(ValueOrder.compare(.double(-0.0), .double(0)) == 0)
        #expect(ValueOrder.compare(.bytes([1]), .bytes([1, 0])) < 0)
    }

    @Test("a sum of integers that does not fit is null and a fault")
    func overflow() throws {
        let kind = AggregateKind(function: .sum, inputType: .int64)
        let partial = try kind.partial(of: [row(1, .integer(.max)), row(2, .integer(.max))])
        #expect(partial.finalised() == .null)
        #expect(partial.overflows)
    }

    @Test("a bounded window computes on its newest rows, nulls among them")
    func bounded() throws {
        var window = try NewestRows(.mean, inputType: .double, capacity: 2)
        for (time, value) in [(1, .double(10)), (2, .double(20)), (3, .null)] as [(Int64, Scalar)] {
            window.fold(row(time, value))
        }
        #expect(try window.partial().finalised() == .double(20))
        #expect(window.hasOverflowed)
    }

    private func row(_ time: Int64, _ value: Scalar, known: Int64 = 0) -> RankedValue {
        RankedValue(
            eventTime: EventTime(microseconds: time), knownAt: EventTime(microseconds: known),
            value: value)
    }
}

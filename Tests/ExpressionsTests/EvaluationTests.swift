import Columns
import Expressions
import Testing
import Values

@Suite struct EvaluationTests {
    @Test("Arithmetic follows precedence and the types of its operands")
    func arithmetic() throws {
        #expect(try constant("1 + 2 * 3 - 4") == .integer(3))
        #expect(try constant("-(1 + 2) * 3") == .integer(-9))
        #expect(try constant("7 / 2") == .double(3.5))
        #expect(try constant("1 + 0.5") == .double(1.5))
        #expect(try constant("-7 // 2") == .integer(-3))
        #expect(try constant("-7 % 2") == .integer(-1))
        #expect(try constant("7 % -2") == .integer(1))
        #expect(try constant("2 * 3 < 7 and not 1 = 2") == .bool(true))
        #expect(try constant("abs(-3) + abs(2.5)") == .double(5.5))
    }

    @Test("A guarded operation does not count as a fault")
    func guardedFaults() throws {
        let fixture = ExpressionFixture([
            ("a", .double, [.double(1), .double(2), .null, .double(4)]),
            ("b", .double, [.double(0), .double(4), .double(0), .double(0)]),
        ])
        let plain = try fixture.evaluate("a / b")
        #expect(plain.values == [.null, .double(0.5), .null, .null])
        #expect(plain.faults.divisionByZero == 2)
        let guarded = try fixture.evaluate("if(b = 0, -1, a / b)")
        #expect(guarded.values == [.double(-1), .double(0.5), .double(-1), .double(-1)])
        #expect(guarded.faults.total == 0)
        #expect(try fixture.evaluate("b != 0 and a / b > 0").faults.total == 0)
        #expect(try fixture.evaluate("b = 0 or a / b > 0").faults.total == 0)
        #expect(try fixture.evaluate("coalesce(b, a / b)").faults.total == 0)
        #expect(try fixture.evaluate("1 // 0").faults.divisionByZero == 4)
    }

    @Test("The computed columns of the worked example")
    func workedExample() throws {
        let fixture = ExpressionFixture([
            ("departed_at", .timestamp, [.timestamp(EventTime(microseconds: 0)), .null]),
            ("air_time", .double, [.double(0.5), .double(1)]),
            ("dep_delay", .double, [.double(16), .null]),
        ])
        let landed = try fixture.evaluate("departed_at + minutes(air_time + 20)")
        #expect(landed.values == [.timestamp(EventTime(microseconds: 1_230_000_000)), .null])
        #expect(landed.type == .timestamp)
        #expect(
            try fixture.evaluate("if(dep_delay > 15, 1, 0)").values == [.integer(1), .integer(0)])
        #expect(
            try fixture.evaluate("dep_delay is not null").values == [.bool(true), .bool(false)])
    }
}

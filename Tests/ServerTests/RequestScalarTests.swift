import JSONParsing
import Testing
import Values

@testable import Server

@Suite("Values of a request")
struct RequestScalarTests {
    static let price = DataType.decimal(precision: 9, scale: 2)

    @Test(
        "become decimals when they are texts, whole numbers, or numbers of few digits",
        arguments: [
            (.string("12.5"), "12.50"), (.string("-0.01"), "-0.01"), (.integer(7), "7.00"),
            (.double(0.1), "0.10"), (.double(-9999999.99), "-9999999.99"),
        ] as [(JSONCell, String)])
    func decimals(value: JSONCell, expected: String) {
        guard case .decimal(let number) = Scalar(value, type: Self.price) else {
            return #expect(Bool(false), "no decimal")
        }
        #expect(number.description == expected)
    }

    @Test(
        "are no decimals that would lose a digit",
        arguments: [
            .string("12.505"), .string("1e2"), .string(""), .integer(10_000_000),
            .double(0.125), .double(.infinity), .unsigned(.max), .bool(true),
        ] as [JSONCell])
    func noDecimals(value: JSONCell) {
        #expect(Scalar(value, type: Self.price) == nil)
    }

    @Test("of more than 15 digits are no decimals as numbers, only as texts")
    func longDecimals() {
        let type = DataType.decimal(precision: 38, scale: 2)
        #expect(Scalar(.double(12_345_678_901_234.5), type: type) != nil)
        #expect(Scalar(.double(1_234_567_890_123_456.5), type: type) == nil)
        #expect(Scalar(.string("1234567890123456.50"), type: type) != nil)
    }

    @Test("become lists with their nulls, and vectors of their length only")
    func lists() {
        let numbers: [JSONCell] = [.integer(1), .null, .integer(-2)]
        #expect(
            Scalar(.array(numbers), type: .list(.int64))
                == .list([.integer(1), .null, .integer(-2)]))
        #expect(Scalar(.array([]), type: .list(.string)) == .list([]))
        #expect(Scalar(.array([.string("1")]), type: .list(.int64)) == nil)
        #expect(Scalar(.array(numbers), type: .int64) == nil)
        let vector = DataType.vector(length: 2)
        #expect(
            Scalar(.array([.integer(1), .double(-0.0)]), type: vector)
                == .list([.double(1), .double(0)]))
        for wrong in [[.integer(1)], [.integer(1), .null], [.integer(1), .string("2")]]
            as [[JSONCell]]
        {
            #expect(Scalar(.array(wrong), type: vector) == nil)
        }
    }
}

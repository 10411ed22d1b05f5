import TestSupport
import Testing
import Values

@Suite("Types")
struct DataTypeTests {
    static let types = DataType.columnTypes + DataType.sizedTypes

    @Test("a type of a column is read from its spelling", arguments: types)
    func roundTrip(type: DataType) {
        #expect(DataType(parsing: type.description) == type)
        #expect(DataType(parsing: "list<list<\(type)>>") == .list(.list(type)))
    }

    @Test(
        "what is no type of a column is refused",
        arguments: [
            "", "null", "duration", "Int64", " int64", "int", "list", "list<>", "list<int64",
            "list<null>", "list<int64>>", "list <int64>", "list<int64, 3>", ">", "decimal",
            "decimal()", "decimal(9)", "decimal(0,0)", "decimal(39,0)", "decimal(4,5)",
            "decimal(9,-1)", "decimal(9,+1)", "decimal(9,1,1)", "decimal(9,1", "decimal(9 ,1)",
            "decimal(99999999999999999999,1)", "vector", "vector<float>", "vector<double, 3>",
            "vector<float, 0>", "vector<float, 65537>", "vector<float, x>", "vector<float, 3",
        ])
    func refused(text: String) {
        #expect(DataType(parsing: text) == nil)
    }

    @Test("decimals and vectors may be written with or without a blank behind the comma")
    func blanks() {
        let decimal = DataType.decimal(precision: 10, scale: 2)
        #expect(DataType(parsing: "decimal(10, 2)") == decimal)
        #expect(decimal.description == "decimal(10,2)")
        #expect(DataType(parsing: "vector<float,3>") == .vector(length: 3))
        #expect(DataType.vector(length: 3).description == "vector<float, 3>")
    }

    @Test(
        "a decimal widens to one with as many digits on both sides of the point",
        arguments: [
            ("decimal(9,2)", "decimal(10,2)", true), ("decimal(9,2)", "decimal(10,3)", true),
            ("decimal(9,2)", "decimal(9,2)", true), ("decimal(9,2)", "decimal(9,3)", false),
            ("decimal(9,2)", "decimal(38,1)", false), ("decimal(9,2)", "double", false),
        ])
    func wideningDecimals(narrow: String, wide: String, isWider: Bool) throws {
        let narrow = try #require(DataType(parsing: narrow))
        #expect(try narrow.widens(to: #require(DataType(parsing: wide))) == isWider)
    }

    @Test("types widen to themselves, int32 to int64 and float to double, nothing else does")
    func widening() {
        for type in DataType.columnTypes {
            for wider in DataType.columnTypes {
                let isWider =
                    type == wider || (type == .int32 && wider == .int64)
                    || (type == .float && wider == .double)
                #expect(type.widens(to: wider) == isWider, "\(type) to \(wider)")
            }
        }
    }

    @Test("numbers with fractions, lists and null cannot be join keys")
    func joinKeys() {
        let keys = (Self.types + [.null, .duration]).filter(\.isJoinKey)
        #expect(keys == [.bool, .int32, .int64, .string, .bytes, .timestamp, .date])
    }

    @Test("arithmetic is defined on four types")
    func numbers() {
        let types = DataType.columnTypes + [.null, .duration]
        #expect(types.filter(\.isNumeric) == [.int32, .int64, .float, .double])
        #expect(types.filter(\.isInteger) == [.int32, .int64])
        #expect(types.filter(\.isFloatingPoint) == [.float, .double])
    }
}

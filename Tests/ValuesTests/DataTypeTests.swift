import TestSupport
import Testing
import Values

@Suite("Types")
struct DataTypeTests {
    @Test("a type of a column is read from its spelling", arguments: DataType.columnTypes)
    func roundTrip(type: DataType) {
        #expect(DataType(parsing: type.description) == type)
        #expect(DataType(parsing: "list<list<\(type)>>") == .list(.list(type)))
    }

    @Test(
        "what is no type of a column is refused",
        arguments: [
            "", "null", "duration", "Int64", " int64", "int", "list", "list<>", "list<int64",
            "list<null>", "list<int64>>", "list <int64>", "list<int64, 3>", ">",
        ])
    func refused(text: String) {
        #expect(DataType(parsing: text) == nil)
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

    @Test("numbers that are rounded, lists and null cannot be join keys")
    func joinKeys() {
        let keys = (DataType.columnTypes + [.null, .duration]).filter(\.isJoinKey)
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

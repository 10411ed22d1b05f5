import Testing
import Values

@Suite("Schemas")
struct SchemaTests {
    @Test("fields are found by their exact name")
    func lookup() {
        let schema = Schema([
            Field(name: "a", type: .int64), Field(name: "A", type: .list(.string)),
        ])
        #expect(schema.index(of: "A") == 1)
        #expect(schema.type(of: "a") == .int64)
        #expect(schema.type(of: "A") == .list(.string))
        #expect(schema.index(of: "b") == nil)
        #expect(schema.type(of: "") == nil)
        #expect(Schema([]).fields.isEmpty)
    }

    @Test("order matters to equality")
    func equality() {
        let fields = [Field(name: "a", type: .int64), Field(name: "b", type: .int64)]
        #expect(Schema(fields) == Schema(fields))
        #expect(Schema(fields) != Schema(fields.reversed()))
    }

    @Test("a name that stands twice is a programmer's error")
    func duplicates() async {
        await #expect(processExitsWith: .failure) {
            _ = Schema([Field(name: "a", type: .int64), Field(name: "a", type: .bool)])
        }
    }
}

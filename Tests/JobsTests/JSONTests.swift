import Testing

@testable import Jobs

@Suite("JSON")
struct JSONTests {
    @Test("What is written is read back, members in order")
    func roundTrip() {
        let value = JSONValue.object([
            "text": .string("quote \" slash \\ line \n bell \u{7} umlaut \u{fc} \u{1F600}"),
            "numbers": .array([.integer(.min), .double(0.1), .double(-1e300)]),
            "empty": .array([.object([]), .array([]), .null, .bool(true), .bool(false)]),
        ])
        #expect(JSONValue(parsing: value.line) == value)
        #expect(JSONValue(parsing: value.document) == value)
    }

    @Test("Numbers that JSON lacks become null")
    func nonFinite() {
        #expect(JSONValue.array([.double(.nan), .double(.infinity)]).line == "[null,null]")
    }

    @Test(
        "Malformed text is refused",
        arguments: ["", "{", "[1,]", "{\"a\"}", "\"\\x\"", "01x", "nul", "1 2", "\"\u{1}\"", "+1"])
    func malformed(text: String) {
        #expect(JSONValue(parsing: text) == nil)
    }

    @Test("Escapes of either form are understood")
    func escapes() {
        #expect(JSONValue(parsing: "\"\\u00fc\\ud83d\\ude00\\n\"") == .string("\u{fc}\u{1F600}\n"))
        #expect(JSONValue(parsing: "\"\\ud83d\"") == nil)
    }
}

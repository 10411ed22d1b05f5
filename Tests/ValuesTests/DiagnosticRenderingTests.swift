import Testing
import Values

@Suite("A diagnostic")
struct DiagnosticRenderingTests {
    private let source = SourceText(path: "a.yaml", text: "first\r\n\tsecönd line\nthird")

    @Test("shows its line, a caret under what is wrong, and the hint")
    func shows() {
        let place = SourceLocation(file: "a.yaml", line: 2, column: 2)
        let diagnostic = Diagnostic("unknown word", at: place, hint: "try\nthis", length: 6)
        #expect(
            Diagnostics([diagnostic]).rendered(from: [source]) == """
                a.yaml:2:2: error: unknown word
                    \tsecönd line
                    \t^^^^^^
                    hint: try
                          this
                1 error
                """)
    }

    @Test("does not underline beyond its line")
    func clips() {
        let place = SourceLocation(file: "a.yaml", line: 3, column: 5)
        let text = Diagnostic("x", at: place, length: 9).rendered(from: ["a.yaml": source])
        #expect(text.hasSuffix("\n        ^"))
    }

    @Test("shows of a long line what is around the place")
    func longLine() {
        let text = String(repeating: "a", count: 300) + "b" + String(repeating: "c", count: 300)
        let place = SourceLocation(file: "a.yaml", line: 1, column: 301)
        let shown = Diagnostic("x", at: place).rendered(
            from: ["a.yaml": SourceText(path: "a.yaml", text: text)])
        let lines = shown.split(separator: "\n")
        #expect(lines[1].count == 4 + 3 + 160 + 3)
        let places = [lines[1].prefix { $0 != "b" }.count, lines[2].prefix { $0 != "^" }.count]
        #expect(places[0] == places[1])
    }

    @Test("is followed by at most 49 others")
    func many() {
        let all = (1...60).map { line in
            Diagnostic("x", at: SourceLocation(file: "a.yaml", line: line, column: 1))
        }
        let text = Diagnostics(all).rendered(from: [])
        #expect(text.split(separator: "\n").count == 51)
        #expect(text.hasSuffix("60 errors, of which the first 50 are shown"))
    }

    @Test("without its file shows the place alone")
    func withoutFile() {
        let place = SourceLocation(file: "b.yaml", line: 3, column: 5)
        #expect(Diagnostic("x", at: place).rendered(from: [:]) == "b.yaml:3:5: error: x")
    }

    @Test("stands in the order of places, each once")
    func sorts() {
        let late = Diagnostic("b", at: SourceLocation(file: "a.yaml", line: 10, column: 1))
        let early = Diagnostic("a", at: SourceLocation(file: "a.yaml", line: 9, column: 2))
        #expect(Diagnostics([late, early, late]).sorted == [early, late])
    }

    @Test("finds the text between two places of a file")
    func text() {
        let start = SourceLocation(file: "a.yaml", line: 1, column: 4)
        let end = SourceLocation(file: "a.yaml", line: 3, column: 3)
        #expect(source.text(from: start, to: end) == "st \tsecönd line th")
        #expect(source.remainder(from: start) == "st")
        #expect(source.line(4) == nil)
    }
}

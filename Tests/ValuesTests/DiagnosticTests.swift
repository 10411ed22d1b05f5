import Testing
import Values

@Suite("Diagnostics")
struct DiagnosticTests {
    let text = SourceText(path: "a.yaml", text: "one\n\ttwo = 2\r\nthree")

    @Test("show the line, a caret under the mistake, and the hint")
    func rendering() {
        let diagnostic = Diagnostic(
            "unknown name 'two'", at: Values.SourceLocation(file: "a.yaml", line: 2, column: 2),
            hint: "did you mean\n'one'?", length: 3)
        #expect(
            diagnostic.rendered(from: ["a.yaml": text]) == """
                a.yaml:2:2: error: unknown name 'two'
                    \ttwo = 2
                    \t^^^
                    hint: did you mean
                          'one'?
                """)
    }

    @Test("show the place alone when the file is not there")
    func withoutFile() {
        let place = Values.SourceLocation(file: "b.yaml", line: 1, column: 1)
        #expect(Diagnostic("bad", at: place).rendered(from: [:]) == "b.yaml:1:1: error: bad")
    }

    @Test("carets end with the line, and one remains at its end")
    func caretsEndWithTheLine() {
        let end = Values.SourceLocation(file: "a.yaml", line: 1, column: 4)
        let rendered = Diagnostic("bad", at: end, length: 9).rendered(from: ["a.yaml": text])
        #expect(rendered.hasSuffix("\n    one\n       ^"))
    }

    @Test("are sorted by place, each shown once, and counted")
    func sorting() {
        var found = Diagnostics()
        #expect(found.isEmpty)
        let early = Diagnostic("x", at: Values.SourceLocation(file: "a.yaml", line: 1, column: 1))
        let late = Diagnostic("y", at: Values.SourceLocation(file: "a.yaml", line: 2, column: 1))
        found.report(late)
        let value = found.collect { () throws(Diagnostic) -> Int in throw early }
        found.report(late)
        #expect(value == nil)
        #expect(found.collect { () throws(Diagnostic) -> Int in 3 } == 3)
        #expect(found.all == [late, early, late])
        #expect(found.sorted == [early, late])
        #expect(found.rendered(from: []).hasSuffix("2 errors"))
    }
}

@Suite("Source text")
struct SourceTextTests {
    @Test("is cut at every line end of YAML")
    func lines() {
        let text = SourceText(path: "a", text: "1\n2\r\n3\r4\u{85}5\u{2028}6\u{2029}\n\r\n")
        #expect(
            (1...text.lineCount).map { text.line($0) } == [
                "1", "2", "3", "4", "5", "6", "", "", "",
            ])
        #expect(text.line(0) == nil)
        #expect(text.line(10) == nil)
        #expect(SourceText(path: "a", text: "").lineCount == 1)
    }

    @Test("gives the text between two places, lines joined by a blank")
    func ranges() {
        let text = SourceText(path: "a", text: "first line\nsecond\nthird line")
        func place(_ line: Int, _ column: Int) -> Values.SourceLocation {
            Values.SourceLocation(file: "a", line: line, column: column)
        }
        #expect(text.text(from: place(1, 7), to: place(1, 9)) == "li")
        #expect(text.text(from: place(1, 7), to: place(3, 6)) == "line second third")
        #expect(text.text(from: place(3, 1), to: place(4, 1)).isEmpty)
        #expect(text.remainder(from: place(2, 4)) == "ond")
        #expect(text.remainder(from: place(9, 1)).isEmpty)
        #expect(place(2, 4).advanced(byColumns: 3).description == "a:2:7")
    }
}

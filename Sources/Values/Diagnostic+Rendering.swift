extension Diagnostic {
    /// The diagnostic as a terminal shows it: place and message, the source line with a caret
    /// under what is wrong, and the hint.
    ///
    /// - Parameter sources: the files by path; without the file only the place is shown.
    /// - Returns: the lines, without an end of line after the last.
    public func rendered(from sources: [String: SourceText]) -> String {
        var lines = ["\(location): error: \(message)"]
        if let line = sources[location.file]?.line(location.line) {
            lines += excerpt(of: Array(line.unicodeScalars)).map { "    " + $0 }
        }
        if let hint {
            var prefix = "    hint: "
            for line in hint.split(separator: "\n", omittingEmptySubsequences: false) {
                lines.append(prefix + line)
                prefix = "          "
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The line and the carets below it; of a long line only what is around the place.
    private func excerpt(of line: [Unicode.Scalar]) -> [String] {
        let column = min(max(1, location.column), line.count + 1)
        let first = line.count <= Self.longestLine ? 0 : max(0, column - 1 - Self.longestLine / 2)
        let shown = line[first..<min(line.count, first + Self.longestLine)]
        let isCut = (start: first > 0, end: shown.endIndex < line.count)
        let indent = line[first..<column - 1].map { $0 == "\t" ? "\t" : " " }.joined()
        let carets = max(1, min(length, shown.endIndex - column + 1))
        let text = shown.reduce(into: "") { $0.unicodeScalars.append($1) }
        return [
            (isCut.start ? "..." : "") + text + (isCut.end ? "..." : ""),
            (isCut.start ? "   " : "") + indent + String(repeating: "^", count: carets),
        ]
    }

    private static let longestLine = 160
}

extension Diagnostics {
    /// The diagnostics sorted by place, each only once.
    public var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return
            all
            .filter { seen.insert($0).inserted }
            .enumerated()
            .sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
            .map(\.element)
    }

    /// All diagnostics as a terminal shows them, in the order of their places, and their number;
    /// of many only the first 50.
    public func rendered(from files: [SourceText]) -> String {
        let sources = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        let found = sorted
        let blocks = found.prefix(Self.mostShown).map { $0.rendered(from: sources) }
        var count = found.count == 1 ? "1 error" : "\(found.count) errors"
        if found.count > Self.mostShown {
            count += ", of which the first \(Self.mostShown) are shown"
        }
        return (blocks + [count]).joined(separator: "\n")
    }

    private static var mostShown: Int { 50 }
}

extension Diagnostic {
    fileprivate var order: PlaceOrder {
        PlaceOrder(file: location.file, line: location.line, column: location.column)
    }
}

private struct PlaceOrder: Comparable {
    let file: String
    let line: Int
    let column: Int

    static func < (left: PlaceOrder, right: PlaceOrder) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}

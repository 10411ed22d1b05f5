extension Diagnostic {
    /// The diagnostic as a terminal shows it: place and message, the source line with a caret
    /// under what is wrong, and the hint.
    ///
    /// - Parameter sources: the files by path; without the file only the place is shown.
    /// - Returns: the lines, without an end of line after the last.
    public func rendered(from sources: [String: SourceText]) -> String {
        var lines = ["\(location): error: \(message)"]
        if let line = sources[location.file]?.line(location.line) {
            let column = max(1, location.column)
            let indent = line.unicodeScalars.prefix(column - 1)
                .reduce(into: "") { $0.append($1 == "\t" ? "\t" : " ") }
            let available = line.unicodeScalars.count - column + 1
            let carets = max(1, min(length, available))
            lines.append("    " + line)
            lines.append("    " + indent + String(repeating: "^", count: carets))
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

    /// All diagnostics as a terminal shows them, in the order of their places, and their number.
    public func rendered(from files: [SourceText]) -> String {
        let sources = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        let blocks = sorted.map { $0.rendered(from: sources) }
        let count = blocks.count == 1 ? "1 error" : "\(blocks.count) errors"
        return (blocks + [count]).joined(separator: "\n")
    }
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

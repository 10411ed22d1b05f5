import Testing

/// What is longer than the ceilings allow, with its length: it may shrink, never grow, and its
/// line here goes when it is below the ceiling.
private let toleratedLengths: [String: Int] = [:]

private let fileCeiling = 500
private let functionCeiling = 60

@Suite("Lengths")
struct LengthTests {
    @Test("No file is longer than 500 lines")
    func files() {
        for file in SourceTree.shared.swiftFiles {
            check(file.path, length: file.lines.count, ceiling: fileCeiling)
        }
    }

    @Test("No function is longer than 60 lines")
    func functions() {
        for file in SourceTree.shared.swiftFiles {
            for (start, length) in functionLengths(in: file.lines) {
                let name = "\(file.path): \(file.lines[start].trimmingPrefix { $0 == " " })"
                check(name, length: length, ceiling: functionCeiling)
            }
        }
    }

    private func check(_ name: String, length: Int, ceiling: Int) {
        if let tolerated = toleratedLengths[name] {
            #expect(length > ceiling, "\(name) is short enough: drop its tolerated length")
            #expect(length <= tolerated, "\(name) grew from \(tolerated) to \(length) lines")
        } else {
            #expect(length <= ceiling, "\(name) has \(length) lines")
        }
    }
}

/// Where functions begin and how many lines they have. The formatter puts a closing brace under
/// the first character of its declaration, so indentation tells the end.
private func functionLengths(in lines: [String]) -> [(start: Int, length: Int)] {
    lines.indices.compactMap { start in
        let line = lines[start]
        let text = line.trimmingPrefix { $0 == " " }
        let declares = ["func ", "init(", "init?(", "init<", "deinit {", "subscript("].contains {
            text.hasPrefix($0) || text.contains(" \($0)")
        }
        guard declares, !text.hasPrefix("//"), !text.hasSuffix("}") else { return nil }
        let indentation = line.count - text.count
        for end in (start + 1)..<lines.count {
            let closing = lines[end].trimmingPrefix { $0 == " " }
            let depth = lines[end].count - closing.count
            if closing == "}", depth == indentation { return (start, end - start + 1) }
            if !closing.isEmpty, depth < indentation { return nil }
        }
        return nil
    }
}

import Foundation
import Testing

@Suite("Words")
struct WordTests {
    private let tree = SourceTree.shared

    @Test("No error is forced away")
    func forcedTry() {
        refuse("try" + "!", in: tree.swiftFiles)
    }

    @Test("Libraries print nothing")
    func printing() {
        for word in ["print(", "debugPrint(", "dump("] {
            refuse(word, in: tree.libraryFiles) { line, range in
                line[..<range.lowerBound].last.map { $0.isLetter || $0 == "." } ?? false
            }
        }
    }

    @Test("Tests do not sleep")
    func sleeping() {
        refuse("sleep" + "(", in: tree.swiftFiles.filter { $0.path.hasPrefix("Tests/") })
        refuse("time.sleep" + "(", in: tree.files.filter { $0.path.hasSuffix(".py") })
    }

    @Test("Work left undone names an issue")
    func unfinishedWork() {
        for word in ["TO" + "DO", "FIX" + "ME", "XX" + "X"] {
            for file in tree.files where !file.path.hasPrefix("Tests/StyleTests/") {
                for (index, line) in file.lines.enumerated() where line.contains(word) {
                    let isComment = line.contains("//") || line.contains("# ")
                    let isExplained = line.contains("\(word)(#") || !isComment
                    #expect(isExplained, "\(file.at(index))")
                }
            }
        }
    }

    @Test("Unchecked promises to the compiler say why they hold")
    func safety() {
        for file in tree.swiftFiles where !file.path.hasPrefix("Tests/StyleTests/") {
            for (index, line) in file.lines.enumerated() {
                let code = line.components(separatedBy: "//")[0]
                let isPromise =
                    code.contains("@unchecked Sendable") || code.contains("nonisolated(unsafe)")
                guard isPromise else { continue }
                #expect(isExplained(file.lines, above: index), "\(file.at(index))")
            }
        }
    }

    @Test("No file or folder has a name that says nothing")
    func names() {
        let emptyNames = ["Utils", "Util", "Helpers", "Helper", "Common", "New", "Misc", "Stuff"]
        for file in tree.swiftFiles {
            for part in file.components {
                let stem = part.replacingOccurrences(of: ".swift", with: "")
                let isEmpty = emptyNames.contains { stem == $0 || stem.hasSuffix($0) }
                #expect(!isEmpty, "\(file.path)")
            }
        }
    }

    @Test("A module has at most one level of folders")
    func folders() {
        for file in tree.swiftFiles where file.path.hasPrefix("Sources/") {
            #expect(file.components.count <= 4, "\(file.path)")
        }
    }

    @Test("Comments tell no history")
    func history() {
        let words = ["no longer", "used to be", "formerly", "previously was"]
        for file in tree.swiftFiles where !file.path.hasPrefix("Tests/StyleTests/") {
            for (index, line) in file.lines.enumerated() {
                let text = line.trimmingCharacters(in: .whitespaces)
                guard text.hasPrefix("//") else { continue }
                #expect(!words.contains { text.contains($0) }, "\(file.at(index))")
            }
        }
    }

    private func isExplained(_ lines: [String], above index: Int) -> Bool {
        var above = index - 1
        while above >= 0 {
            let text = lines[above].trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("// SAFETY:") { return true }
            guard text.hasPrefix("//") || text.hasPrefix("@") else { return false }
            above -= 1
        }
        return false
    }

    private func refuse(
        _ word: String, in files: [SourceFile],
        unless isFine: (String, Range<String.Index>) -> Bool = { _, _ in false }
    ) {
        for file in files where !file.path.hasPrefix("Tests/StyleTests/") {
            for (index, line) in file.lines.enumerated() {
                guard let range = line.range(of: word), !isFine(line, range) else { continue }
                #expect(Bool(false), "\(word) in \(file.at(index))")
            }
        }
    }
}

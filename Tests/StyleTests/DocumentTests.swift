import Foundation
import Testing

@Suite("Documents")
struct DocumentTests {
    private let tree = SourceTree.shared

    @Test("Every link between documents leads somewhere")
    func links() {
        for document in tree.documents {
            let folder = document.components.dropLast().joined(separator: "/")
            for target in links(in: document) where !target.contains("://") {
                let path = target.components(separatedBy: "#")[0]
                if path.isEmpty { continue }
                let resolved = URL(filePath: "/" + folder + "/" + path).standardized
                    .path(percentEncoded: false)
                let exists = tree.exists(resolved)
                #expect(exists, "\(document.path) links to \(target)")
            }
        }
    }

    @Test("No text names a path of one machine")
    func machinePaths() {
        let paths = ["/work" + "/", "/root" + "/", "/home" + "/"]
        for file in tree.files where !file.path.hasPrefix("Tests/StyleTests/") {
            for (index, line) in file.lines.enumerated() {
                let isFound = paths.contains { line.contains($0) }
                #expect(!isFound, "\(file.at(index))")
            }
        }
    }

    private func links(in document: SourceFile) -> [String] {
        var isCode = false
        var targets: [String] = []
        for line in document.lines {
            if line.hasPrefix("```") { isCode.toggle() }
            if isCode { continue }
            for piece in line.components(separatedBy: "](").dropFirst() {
                targets.append(piece.components(separatedBy: ")")[0])
            }
        }
        return targets
    }
}

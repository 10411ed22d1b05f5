import Foundation

/// A text file of the package.
struct SourceFile: Sendable {
    /// The path from the package's root.
    let path: String
    let lines: [String]

    var components: [String] { path.split(separator: "/").map(String.init) }
    var isLibrary: Bool { path.hasPrefix("Sources/") && !path.hasPrefix("Sources/roost/") }
    /// The module that a file below `Sources` belongs to.
    var module: String { components[1] }

    func at(_ index: Int) -> String { "\(path):\(index + 1): \(lines[index])" }
}

/// The package as the style rules see it.
struct SourceTree: Sendable {
    static let shared = SourceTree()

    let root: String
    let files: [SourceFile]

    private init() {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        root = folder.path(percentEncoded: false)
        files = Self.texts(in: root, "").sorted { $0.path < $1.path }
    }

    var swiftFiles: [SourceFile] { files.filter { $0.path.hasSuffix(".swift") } }
    var libraryFiles: [SourceFile] { swiftFiles.filter(\.isLibrary) }
    var documents: [SourceFile] { files.filter { $0.path.hasSuffix(".md") } }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    private static func texts(in root: String, _ folder: String) -> [SourceFile] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
        return names.flatMap { name -> [SourceFile] in
            let path = folder.isEmpty ? name : folder + "/" + name
            if name.hasPrefix(".") || ["data", "__pycache__"].contains(name) { return [] }
            let values = try? URL(filePath: root + "/" + path)
                .resourceValues(forKeys: [.isDirectoryKey])
            if values?.isDirectory == true { return texts(in: root, path) }
            let kinds = ["swift", "md", "py", "yaml", "sh"]
            guard kinds.contains(where: { name.hasSuffix("." + $0) }),
                let text = try? String(contentsOfFile: root + "/" + path, encoding: .utf8)
            else { return [] }
            return [SourceFile(path: path, lines: text.components(separatedBy: "\n"))]
        }
    }
}

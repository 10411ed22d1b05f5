import Foundation
import Testing

@Suite("Imports")
struct ImportTests {
    private let tree = SourceTree.shared
    private let targets = PackageTargets(root: SourceTree.shared.root)

    @Test("Modules form a line: each depends only on what stands above it")
    func line() {
        var seen: Set<String> = []
        for target in targets.sources {
            for dependency in target.dependencies {
                #expect(seen.contains(dependency), "\(target.name) depends on \(dependency)")
            }
            seen.insert(target.name)
        }
        #expect(seen.count > 10)
    }

    @Test("A file imports only what Package.swift lists for its module")
    func declared() {
        let own = Set(targets.sources.map(\.name))
        for file in tree.swiftFiles where file.path.hasPrefix("Sources/") {
            guard let target = targets.sources.first(where: { $0.name == file.module }) else {
                Issue.record("\(file.path) belongs to no target")
                continue
            }
            for name in imports(of: file) where own.contains(name) {
                #expect(target.dependencies.contains(name), "\(file.path) imports \(name)")
            }
        }
    }

    @Test("Pure modules know neither the system nor C")
    func purity() {
        let pure = [
            "Values", "Columns", "Expressions", "Aggregates", "Definitions", "Planning", "Quality",
            "States",
        ]
        let impure = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"]
        let libraryMath = "Sources/Expressions/Functions/LibraryMath.swift"
        for file in tree.libraryFiles
        where pure.contains(file.module) && file.path != libraryMath {
            for name in imports(of: file) {
                let isC = targets.systemLibraries.contains(name)
                #expect(!impure.contains(name) && !isC, "\(file.path) imports \(name)")
            }
        }
    }

    @Test("Nothing that ships imports Foundation")
    func noFoundation() {
        for file in tree.swiftFiles where file.path.hasPrefix("Sources/") {
            #expect(!imports(of: file).contains("Foundation"), "\(file.path)")
        }
    }

    private func imports(of file: SourceFile) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), position <= 2,
                !line.hasPrefix(" "), !line.hasPrefix("//"), position + 1 < words.count
            else { return nil }
            return String(words[position + 1])
        }
    }
}

/// The targets that Package.swift lists, in its order.
private struct PackageTargets {
    struct Target {
        let name: String
        let dependencies: [String]
    }

    private(set) var sources: [Target] = []
    private(set) var systemLibraries: [String] = []

    init(root: String) {
        let text = (try? String(contentsOfFile: root + "/Package.swift", encoding: .utf8)) ?? ""
        for entry in text.components(separatedBy: "\n    .").dropFirst() {
            let parts = entry.components(separatedBy: "dependencies:")
            guard let name = quoted(parts[0]).first, !entry.hasPrefix("testTarget"),
                !entry.contains("path: \"Tests")
            else { continue }
            let isSystem = entry.hasPrefix("systemLibrary")
            if isSystem { systemLibraries.append(name) }
            let list = parts.count > 1 ? parts[1].components(separatedBy: "]")[0] : ""
            sources.append(Target(name: name, dependencies: quoted(list)))
        }
    }
}

private func quoted(_ text: String) -> [String] {
    text.components(separatedBy: "\"").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
}

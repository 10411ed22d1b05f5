import Foundation
import Jobs
import Planning
import Testing
import Values

@Suite("Definition files")
struct FixtureTests {
    @Test("that are wrong are refused with exactly these words", arguments: Fixture.all("Wrong"))
    func refuses(_ fixture: Fixture) throws {
        let found = fixture.outcome()
        #expect(!found.isAccepted, "\(fixture.name) is accepted")
        try fixture.expect(found.text, "expected")
    }

    @Test("that are right are explained exactly so", arguments: Fixture.all("Right"))
    func explains(_ fixture: Fixture) throws {
        let found = fixture.outcome()
        #expect(found.isAccepted)
        try fixture.expect(found.text, "expected")
    }

    @Test("that are right have features of exactly this identity", arguments: Fixture.all("Right"))
    func identifies(_ fixture: Fixture) throws {
        try fixture.expect(try fixture.project().identity, "identity")
    }

    @Test("show how at least 80 mistakes are told")
    func manyMistakes() {
        #expect(Fixture.all("Wrong").count >= 80)
    }
}

/// A folder of definition files and, beside them, what is said about them.
///
/// A folder with a `project.yaml` stands alone. The files of others are read after the
/// `shop.yaml` of the folder above, if there is one, so that they hold little more than the mistake. A file
/// `pipeline.yaml` is a pipeline.
struct Fixture: CustomTestStringConvertible, Sendable {
    let folder: String
    let name: String

    var testDescription: String { name }

    static func all(_ kind: String) -> [Fixture] {
        let folder = "Tests/\(kind)Definitions"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasSuffix(".yaml") }.sorted()
            .map { Fixture(folder: "\(folder)/\($0)", name: $0) }
    }

    private var paths: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    /// The definition files in their order.
    func files() -> [(path: String, bytes: [UInt8])] {
        let own = paths.filter { $0 != "pipeline.yaml" }.map { ($0, bytes("\(folder)/\($0)")) }
        let base = "\(folder)/../shop.yaml"
        let standsAlone = own.contains { $0.0 == "project.yaml" }
        if standsAlone || !FileManager.default.fileExists(atPath: base) { return own }
        return [("shop.yaml", bytes(base))] + own
    }

    /// The compiled definitions.
    func project(
        _ files: [(path: String, bytes: [UInt8])]? = nil
    ) throws(DefinitionError) -> Project {
        try Project(folder: ".", files: files ?? self.files())
    }

    /// The explanation of the services, or what is wrong.
    func outcome(
        _ files: [(path: String, bytes: [UInt8])]? = nil
    ) -> (text: String, isAccepted: Bool) {
        do {
            let project = try project(files)
            if paths.contains("pipeline.yaml") {
                _ = try project.pipeline(
                    path: "pipeline.yaml", bytes: bytes("\(folder)/pipeline.yaml"))
            }
            let services = project.plan.services.map { Explanation($0).text }
            return (services.joined(separator: "\n\n") + "\n", true)
        } catch {
            return (error.diagnostics.rendered(from: error.texts) + "\n", false)
        }
    }

    /// Compares with a file of the folder; with `ROOST_RECORD` set writes it instead.
    func expect(_ text: String, _ file: String) throws {
        let url = URL(filePath: "\(folder)/\(file)")
        if ProcessInfo.processInfo.environment["ROOST_RECORD"] != nil {
            try Data(text.utf8).write(to: url)
        }
        let expected = String(decoding: bytes(url.path), as: UTF8.self)
        #expect(text == expected, "\(name) says:\n\(text)")
    }

    private func bytes(_ path: String) -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            Issue.record("\(path) cannot be read")
            return []
        }
        return Array(data)
    }
}

extension Project {
    /// Every feature with its digest and the text that it is taken of.
    fileprivate var identity: String {
        var lines: [String] = []
        func add(_ name: String, _ digest: FeatureDigest, _ text: String) {
            lines.append("\(name) \(digest)")
            lines += text.split(separator: "\n").map { "    " + $0 }
        }
        for view in plan.views {
            switch view.features {
            case .latest(let features):
                for feature in features {
                    add("\(view.name).\(feature.name)", feature.digest, feature.canonicalText)
                }
            case .aggregates(let features):
                for feature in features {
                    add("\(view.name).\(feature.name)", feature.digest, feature.canonicalText)
                }
            }
        }
        for service in plan.services {
            for feature in service.derived {
                add("\(service.name).\(feature.name)", feature.digest, feature.canonicalText)
            }
            lines.append("\(service.name) \(service.identity)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

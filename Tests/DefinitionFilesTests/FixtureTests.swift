import DefinitionFiles
import Definitions
import Foundation
import Planning
import Testing
import Values

@Suite("Definition files")
struct FixtureTests {
    @Test("that are wrong are refused with exactly these words", arguments: Fixture.all("wrong"))
    func refuses(_ fixture: Fixture) throws {
        let found = fixture.outcome(try fixture.bytes(".yaml"))
        let expected = String(decoding: try fixture.bytes(".txt"), as: UTF8.self)
        #expect(!found.isAccepted)
        #expect(found.text == expected, "\(fixture.name) says:\n\(found.text)")
    }

    @Test("that are right are explained exactly so", arguments: Fixture.all("right"))
    func explains(_ fixture: Fixture) throws {
        let found = fixture.outcome(try fixture.bytes(".yaml"))
        let expected = String(decoding: try fixture.bytes(".txt"), as: UTF8.self)
        #expect(found.isAccepted)
        #expect(found.text == expected, "\(fixture.name) says:\n\(found.text)")
    }
}

/// A definition file and, beside it, what is said about it.
struct Fixture: CustomTestStringConvertible, Sendable {
    static let folder = "Tests/DefinitionFilesTests/Fixtures"

    let kind: String
    let name: String

    var testDescription: String { name }

    static func all(_ kind: String) -> [Fixture] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)")
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
            .map { Fixture(kind: kind, name: String($0.dropLast(5))) }
    }

    func bytes(_ suffix: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(Self.folder)/\(kind)/\(name)\(suffix)")))
    }

    /// The explanation of the services, or what is wrong.
    func outcome(_ bytes: [UInt8]) -> (text: String, isAccepted: Bool) {
        var loader = DefinitionLoader()
        do {
            let project = try loader.project(files: [("\(name).yaml", bytes)])
            let plan = try ProjectPlan.compile(project)
            return (
                plan.services.map { Explanation($0).text }.joined(separator: "\n\n") + "\n", true
            )
        } catch {
            return (error.rendered(from: loader.files) + "\n", false)
        }
    }
}

import DefinitionFiles
import Definitions
import Foundation
import Planning
import TestSupport
import Testing
import Values

@Suite("The loader")
struct LoaderRobustnessTests {
    /// `DEFINITION_SEEDS=1000...1999` tries other seeds than the usual ones.
    private static var seeds: [UInt64] {
        let words = ProcessInfo.processInfo.environment["DEFINITION_SEEDS"]?
            .components(separatedBy: "...").compactMap { UInt64($0) }
        guard let words, words.count == 2, words[0] <= words[1] else { return [1, 2, 3, 4] }
        return Array(words[0]...words[1])
    }

    @Test("never traps on mutated files", arguments: seeds)
    func mutations(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let fixtures = Fixture.all("Right") + Fixture.all("Wrong")
        let originals = fixtures.map { $0.files() }
        for _ in 0..<250 {
            let index = Int.random(in: 0..<originals.count, using: &generator)
            var files = originals[index]
            let changed = Int.random(in: 0..<files.count, using: &generator)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                mutate(&files[changed].bytes, &generator)
            }
            let outcome = fixtures[index].outcome(files)
            #expect(!outcome.text.isEmpty, "seed \(seed)")
        }
    }

    @Test("never traps on a pipeline of mutated bytes")
    func pipelines() throws {
        let seed: UInt64 = 5
        var generator = SeededGenerator(seed: seed)
        let original = Array(
            """
            name: arrival_delay
            service: arrival_delay
            spine:
              source: flights
              time: asked_at
              where: late is not null
              columns: [asked_at, carrier]
            """.utf8)
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<4 { mutate(&bytes, &generator) }
            var loader = DefinitionLoader()
            _ = try? loader.pipeline(path: "p.yaml", bytes: bytes)
            #expect(loader.files.count == 1, "seed \(seed)")
        }
    }

    @Test("refuses what is not UTF-8 at its place")
    func invalidUTF8() {
        let text = rendered(Array("project: sh".utf8) + [0xC3, 0x28] + Array("\n".utf8))
        #expect(text.hasPrefix("a.yaml:1:12: error: this is not UTF-8"))
        let later = rendered(Array("project: ö\nx: ".utf8) + [0xFF])
        #expect(later.hasPrefix("a.yaml:2:4: error: this is not UTF-8"))
    }

    @Test("refuses control characters and files that are too big")
    func refusesBinary() {
        #expect(rendered([0x61, 0x0A, 0x62, 0x00]).contains("a.yaml:2:2: error: the control"))
        let big = [UInt8](repeating: 0x20, count: (4 << 20) + 1)
        #expect(rendered(big).contains("4194305 bytes, more than 4194304"))
    }

    @Test("accepts a byte order mark and any line ends")
    func byteOrderMark() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("project: shop\r\nentities: []\r\n".utf8)
        var loader = DefinitionLoader()
        let project = try loader.project(files: [("a.yaml", bytes)])
        #expect(project.name.value == "shop")
        #expect(project.name.location.column == 10)
    }

    @Test("says which folder or file is missing")
    func missing() {
        var loader = DefinitionLoader()
        #expect(throws: Diagnostics.self) { try loader.project(folder: "no/such/folder") }
        #expect(throws: Diagnostics.self) { try loader.pipeline(path: "no/such/file.yaml") }
    }

    @Test("joins the lists of several files")
    func severalFiles() throws {
        var loader = DefinitionLoader()
        let first = "project: shop\nentities:\n  - name: a\n    keys: { a: string }\n"
        let second = "entities:\n  - name: b\n    keys: { b: string }\n"
        let project = try loader.project(
            files: [("1.yaml", Array(first.utf8)), ("2.yaml", Array(second.utf8))])
        #expect(project.entities.map(\.name.value) == ["a", "b"])
        #expect(project.entities[1].name.location.file == "2.yaml")
    }

    private func rendered(_ bytes: [UInt8]) -> String {
        var loader = DefinitionLoader()
        do {
            _ = try loader.project(files: [("a.yaml", bytes)])
            return ""
        } catch {
            return error.rendered(from: loader.files)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let marks = Array("\t\n :-[]{}()<>*&!#'\"`,.|>%@?\\/=0aZ\u{0}\u{FF}".utf8)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = marks.randomElement(using: &generator) ?? 0
        case 2: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: place)
        case 3: bytes.removeLast(Int.random(in: 0...min(40, bytes.count), using: &generator))
        case 4:
            let count = min(Int.random(in: 1...30, using: &generator), bytes.count - place)
            bytes.insert(contentsOf: Array(bytes[place..<place + count]), at: place)
        default:
            let other = Int.random(in: 0..<bytes.count, using: &generator)
            bytes.swapAt(place, other)
        }
    }
}

import Planning
import TestSupport
import Testing

@Suite("The digests of random definitions")
struct DigestPropertyTests {
    @Test("survive every other spelling, and tell every other meaning", arguments: 1...20)
    func spellingAndMeaning(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var spelling = RandomSpelling(generator: SeededGenerator(seed: seed ^ 0xFFFF))
        for _ in 0..<5 {
            let definition = RandomDefinition(using: &generator)
            let before = try digests(of: definition, &spelling)
            for _ in 0..<4 {
                #expect(try digests(of: definition, &spelling) == before, "seed \(seed)")
            }
            for (changed, expected) in definition.edits {
                let after = try digests(of: changed, &spelling)
                let found = Set(before.keys.filter { before[$0] != after[$0] })
                let names = Set(expected.map { "f\($0)" })
                #expect(found == names, "seed \(seed): \(definition) -> \(changed)")
            }
        }
    }

    private func digests(
        of definition: RandomDefinition, _ spelling: inout RandomSpelling<SeededGenerator>
    ) throws -> [String: FeatureDigest] {
        let features = try TestProject.compile(spelling.yaml(of: definition)).views[0].features
        return Dictionary(uniqueKeysWithValues: zip(features.names, features.digests))
    }
}

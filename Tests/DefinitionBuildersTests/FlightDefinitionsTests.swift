import DefinitionFiles
import Foundation
import Planning
import TestSupport
import Testing
import Values

@Suite("The worked example in Swift")
struct FlightDefinitionsTests {
    @Test("has the digests of the one in YAML")
    func digests() throws {
        var loader = DefinitionLoader()
        let yaml = try ProjectPlan.compile(loader.reading(folder: "feature-definitions"))
        let program = "\(JudgeProcess.packageRoot)/.build/debug/flight-definitions"
        let text = try JudgeProcess.run(program, [])
        let swift = try ProjectPlan.compile(
            loader.reading(files: [("flights.yaml", Array(text.utf8))]))
        for view in yaml.views {
            #expect(swift.view(named: view.name)?.features.digests == view.features.digests)
        }
        #expect(swift.services.map(\.digests) == yaml.services.map(\.digests))
        #expect(swift.services.map(\.identity) == yaml.services.map(\.identity))
        #expect(swift.services[0].digests.count == 43)
    }
}

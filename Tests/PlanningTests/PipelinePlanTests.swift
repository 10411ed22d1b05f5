import DefinitionFiles
import Definitions
import Expressions
import Planning
import Testing
import Values

@Suite("A pipeline")
struct PipelinePlanTests {
    private let text = """
        name: train
        service: answers
        spine:
          source: sales
          time: sold_at
          where: amount is not null
          columns: [sold_at, shop, distance]

        """

    @Test("reads what its spine needs")
    func compiles() throws {
        let plan = try compiled()
        #expect(plan.spine.columns.map(\.name) == ["sold_at", "shop", "distance"])
        #expect(
            plan.spine.source.schema.fields.map(\.name) == ["shop", "amount", "spare", "at"])
        #expect(plan.spine.source.computed.map(\.name) == ["distance", "sold_at"])
        #expect(plan.spine.filter?.canonicalText == "amount is not null")
    }

    @Test(
        "is refused where the spine lacks what the service needs",
        arguments: [
            ("answers", "answer", "p.yaml:2:10: error: unknown service `answer`"),
            ("source: sales", "source: sale", "p.yaml:4:11: error: unknown source `sale`"),
            ("sold_at, shop", "sold_at", "has no column `shop`, which the service `answers`"),
            (
                ", distance]", "]",
                "has no column `distance`, which the service `answers` needs as request"
            ),
            (
                "[sold_at, ", "[",
                "has no column `sold_at`, which the service `answers` needs as its time"
            ),
            (
                "shop, dist", "shp, dist",
                "p.yaml:7:22: error: the source `sales` has no column `shp`"
            ),
            ("time: sold_at", "time: shop", "must be a timestamp, but `shop` is a string"),
            ("amount is not null", "amount", "p.yaml:6:10: error: a condition must be a bool"),
            ("time:", "tim:", "a spine has no key `tim`"),
        ])
    func refuses(_ old: String, _ new: String, _ message: String) throws {
        let found = try refusal(text.replacing(old, with: new))
        #expect(found.contains(message), "\(found)")
    }

    private var project: ProjectPlan {
        get throws {
            try TestProject.plan(exchanging: [("unused: spare + 1", "distance: spare + 1")])
        }
    }

    private func compiled() throws -> PipelinePlan {
        var loader = DefinitionLoader()
        let pipeline = try loader.pipeline(path: "p.yaml", bytes: Array(text.utf8))
        return try project.compile(pipeline)
    }

    private func refusal(_ text: String) throws -> String {
        let project = try project
        var loader = DefinitionLoader()
        do {
            let pipeline = try loader.pipeline(path: "p.yaml", bytes: Array(text.utf8))
            _ = try project.compile(pipeline)
            return "accepted"
        } catch {
            return error.rendered(from: loader.files)
        }
    }
}

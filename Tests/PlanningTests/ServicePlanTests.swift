import DefinitionFiles
import Definitions
import Expressions
import Planning
import Testing
import Values

@Suite("A service's plan")
struct ServicePlanTests {
    @Test("expands wildcards in the order of the view")
    func wildcards() throws {
        let service = try TestProject.plan().service(named: "answers")
        #expect(service.features.map(\.column) == ["sold__n", "sold__total", "newest__amount"])
        #expect(service.features.map(\.shortName) == ["n", "total", "amount"])
        #expect(service.lookups.map(\.view.name) == ["sold", "newest"])
        #expect(service.features.map(\.lookup) == [0, 0, 1])
        #expect(service.digests.count == 5)
    }

    @Test("asks a view once for each role")
    func roles() throws {
        let service = try service(
            """
                  - sold.n
                  - sold.n for shop = other as other_n
                  - sold.* for shop = third as third
                  - sold.total for shop = other as other_total
            """)
        #expect(service.lookups.map(\.spineColumns) == [["shop"], ["other"], ["third"]])
        #expect(service.lookups.map(\.role) == [nil, "shop = other", "shop = third"])
        #expect(
            service.features.map(\.column) == [
                "sold__n", "other_n", "third__n", "third__total", "other_total",
            ])
        #expect(service.features.map(\.lookup) == [0, 1, 2, 2, 1])
        #expect(service.features[0].digest == service.features[1].digest)
    }

    @Test("lets derived features use columns, paths, short names, aliases and request data")
    func derived() throws {
        let service = try service(
            """
                  - sold.*
                  - sold.n for shop = other as other_n
            """,
            derived: """
                      a: sold__total + total + sold.total
                      b: other_n + sold.n + distance
                      c: a + b
                """)
        #expect(
            service.derived.map(\.expression.referencedColumns) == [
                ["sold__total"], ["other_n", "sold__n", "distance"], ["a", "b"],
            ])
    }

    @Test("has another identity for another role, and so have features derived from it")
    func identity() throws {
        let roles = ["other", "third", "shop"].map { "      - sold.n for shop = \($0) as a" }
        let services = try roles.map { try service($0, derived: "      twice: a * 2") }
        #expect(Set(services.map(\.identity)).count == 3)
        #expect(Set(services.map { $0.derived[0].digest }).count == 3)
        let renamed = try service("      - sold.n for shop = other as b")
        let alone = try service("      - sold.n for shop = other as a")
        #expect(renamed.identity == alone.identity)
    }

    @Test("prefers a request column to a feature's short name")
    func requestWins() throws {
        let service = try service(
            "      - sold.total", request: "total: int64", derived: "      a: total + 1")
        #expect(service.derived[0].expression.referencedColumns == ["total"])
        #expect(service.derived[0].expression.type == .int64)
    }

    @Test("is found by its name, or the nearest is named")
    func lookup() throws {
        let plan = try TestProject.plan()
        #expect(
            throws: PlanningError(
                .unknownName, "unknown service `answer`", hint: "did you mean `answers`?")
        ) {
            try plan.service(named: "answer")
        }
    }

    private func service(
        _ items: String, request: String = "distance: double", derived: String? = nil
    ) throws -> ServicePlan {
        let head = try #require(TestProject.text.split(separator: "services:").first)
        let tail = derived.map { "\n    derived:\n\($0)" } ?? ""
        let text =
            head + "services:\n  - name: answers\n    request:\n      \(request)\n    features:\n"
            + items + tail + "\n"
        return try TestProject.compile(String(text)).service(named: "answers")
    }
}

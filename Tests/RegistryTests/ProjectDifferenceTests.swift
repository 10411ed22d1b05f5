import Testing

@testable import Registry

@Suite("The difference of two projects")
struct ProjectDifferenceTests {
    private func difference(
        replacing text: String, with other: String, models: [PinnedModel] = []
    ) throws -> ProjectDifference {
        #expect(Sample.definitions.contains(text))
        let old = try Sample.project()
        let new = try Sample.project(Sample.definitions.replacing(text, with: other))
        return ProjectDifference(from: old, to: new, models: models)
    }

    @Test("is empty for a change that means nothing")
    func comment() throws {
        let difference = try difference(
            replacing: "sum(amount) over 30d", with: "sum( amount )  over 30d   # dollars")
        #expect(difference.isEmpty)
        #expect(difference.fills.isEmpty)
    }

    @Test("lets a feature that is added be filled, and breaks nothing")
    func addedFeature() throws {
        let difference = try difference(
            replacing: "      last_amount:",
            with: "      most: max(amount) over 7d\n      last_amount:")
        #expect(difference.changes.map(\.name) == ["spending.most"])
        #expect(difference.changes.map(\.kind) == [.added])
        #expect(difference.breakages.isEmpty)
        #expect(difference.fills.map(\.features) == [["most"]])
    }

    @Test("breaks a changed feature only while somebody uses it")
    func changedFeature() throws {
        let unused = try difference(replacing: "last(amount)", with: "first(amount)")
        #expect(unused.breakages.isEmpty)
        #expect(unused.fills.map(\.features) == [["last_amount"]])
        let feature = try #require(
            try Sample.project().views[0].features.first { $0.name == "last_amount" })
        let pinned = try difference(
            replacing: "last(amount)", with: "first(amount)",
            models: [PinnedModel(name: "churn", digests: [feature.digest])])
        #expect(pinned.breakages.map(\.users) == [["model churn"]])
        let used = try difference(replacing: "sum(amount) over 30d", with: "sum(amount) over 60d")
        #expect(used.breakages.map(\.name) == ["spending.spent", "next_order.share"])
        #expect(used.breakages.first?.users == ["service next_order"])
    }

    @Test("breaks a removed feature even when nobody is known to use it")
    func removedFeature() throws {
        let difference = try difference(replacing: "      last_amount: last(amount)\n", with: "")
        #expect(difference.breakages.map(\.name) == ["spending.last_amount"])
        #expect(difference.breakages.map(\.reason) == ["it is removed"])
        #expect(difference.fills.isEmpty)
    }

    @Test("tells a renamed feature from a removed one")
    func renamedFeature() throws {
        let difference = try difference(replacing: "last_amount:", with: "newest_amount:")
        #expect(difference.breakages.map(\.reason) == ["it is renamed to newest_amount"])
        #expect(difference.fills.isEmpty)
    }

    @Test("lets a window that becomes one of a list keep its name, and says how")
    func windowTurnedIntoAList() throws {
        let scalar = Sample.definitions.replacing("last(amount)", with: "last(amount) over 1d")
        let list = scalar.replacing("over 1d", with: "over [12h, 1d, 7d]")
        let kept = list.replacing(
            "    refresh: stream", with: "    refresh: stream\n    keep: { last_amount: 24h }")
        #expect(kept != list && list != scalar)
        let old = try Sample.project(scalar)
        let broken = ProjectDifference(from: old, to: try Sample.project(list), models: [])
        #expect(broken.breakages.map(\.reason) == ["it is renamed to last_amount_1d"])
        #expect(
            broken.breakages.map(\.hint) == [
                "turned into a list of windows it keeps its name by `keep: { last_amount: 1d }` in "
                    + "the view `spending`"
            ])
        let saved = ProjectDifference(from: old, to: try Sample.project(kept), models: [])
        #expect(saved.breakages.isEmpty)
        #expect(saved.changes.map(\.kind) == [.added, .added])
        #expect(saved.fills.map(\.features) == [["last_amount_12h", "last_amount_7d"]])
    }

    @Test("breaks a feature of another type, used or not")
    func retypedFeature() throws {
        let difference = try difference(replacing: "last(amount)", with: "last(customer)")
        #expect(
            difference.breakages.map(\.reason) == ["its type changes from double to string"])
    }

    @Test("breaks everything of an entity with other keys")
    func rekeyedEntity() throws {
        let new = Sample.definitions.replacing(
            "customer: string", with: "customer: int64")
        let difference = ProjectDifference(
            from: try Sample.project(), to: try Sample.project(new), models: [])
        #expect(difference.breakages.first?.subject == .entity)
        #expect(difference.breakages.first?.users == ["service next_order"])
    }

    @Test("shows what a wildcard has become")
    func wildcard() throws {
        let old = Sample.definitions.replacing("- spending.orders_7d", with: "- spending.* as all")
            .replacing("      - spending.spent\n", with: "")
            .replacing("share: basket / spent", with: "share: basket / all__spent")
        let new = old.replacing(
            "      last_amount:", with: "      most: max(amount) over 7d\n      last_amount:")
        let difference = ProjectDifference(
            from: try Sample.project(old), to: try Sample.project(new), models: [])
        #expect(difference.changes.last?.subject == .service)
        #expect(difference.changes.last?.details == ["+ all__most"])
        #expect(difference.breakages.isEmpty)
    }

    @Test("breaks the callers of a service that is removed or gives less")
    func services() throws {
        let less = try difference(replacing: "      - spending.orders_7d\n", with: "")
        #expect(less.breakages.map(\.name) == ["next_order.spending__orders_7d"])
        let renamed = try difference(replacing: "name: next_order", with: "name: other")
        #expect(renamed.breakages.map(\.subject) == [.service])
        #expect(renamed.changes.map(\.kind) == [.added, .removed])
    }
}

import Planning
import Testing
import Values

@testable import Registry

/// What every registry must do; each implementation runs all of it on empty registries.
struct RegistryConformance {
    let make: () throws -> any RegistryStore

    func runAll() throws {
        try appliesAndReadsBack()
        try refusesWhatBreaks()
        try keepsTextsForEver()
        try claims()
        try losesClaims()
        try generations()
        try dataSets()
        try models()
        try aliases()
        try runs()
        try quality()
    }

    /// Of many that ask at once for one interval of one registry, one gets it.
    static func race(_ open: @escaping @Sendable () throws -> any RegistryStore) async throws {
        let claimed = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let claim = try open().claim(
                        ViewInterval(view: "v", from: Sample.time(0), to: Sample.time(1)),
                        identity: RecordIdentity(of: "a"), owner: Sample.owner(UInt8(number)),
                        at: Sample.time(1), lease: .hours(1))
                    if case .claimed = claim { return true }
                    return false
                }
            }
            var count = 0
            for try await isMine in group where isMine { count += 1 }
            return count
        }
        #expect(claimed == 1)
    }

    private func appliesAndReadsBack() throws {
        let store = try make()
        #expect(try store.appliedProject() == nil)
        #expect(try store.appliedFiles().isEmpty)
        let project = try Sample.project()
        let plan = try store.difference(to: project)
        #expect(try store.appliedProject() == nil)
        let outcome = try store.apply(
            project, files: Sample.files, allowingBreaking: false, at: Sample.time(1))
        #expect(outcome == .applied(number: 1, plan))
        #expect(try store.appliedProject() == project)
        #expect(try store.appliedFiles() == Sample.files)
        let again = try store.apply(
            project, files: Sample.files, allowingBreaking: false, at: Sample.time(2))
        #expect(again == .unchanged)
        let history = try store.applyHistory()
        #expect(history.map(\.number) == [1])
        #expect(history.first?.appliedAt == Sample.time(1))
        #expect(history.first?.summary == "1 entity added, 1 view added, 1 service added")
        #expect(history.first?.isBreaking == false)
    }

    private func refusesWhatBreaks() throws {
        let store = try make()
        let project = try Sample.project()
        _ = try store.apply(project, files: [], allowingBreaking: false, at: Sample.time(1))
        let changed = try Sample.project(
            Sample.definitions.replacing("sum(amount) over 30d", with: "sum(amount) over 60d"))
        let refused = try store.apply(
            changed, files: [], allowingBreaking: false, at: Sample.time(2))
        guard case .refused(let difference) = refused else {
            Issue.record("\(refused)")
            return
        }
        #expect(difference.breakages.first?.name == "spending.spent")
        #expect(try store.appliedProject() == project)
        #expect(try store.applyHistory().count == 1)
        let allowed = try store.apply(
            changed, files: [], allowingBreaking: true, at: Sample.time(3))
        #expect(allowed == .applied(number: 2, difference))
        #expect(try store.appliedProject() == changed)
        #expect(try store.applyHistory().last?.isBreaking == true)
    }

    private func keepsTextsForEver() throws {
        let store = try make()
        let project = try Sample.project()
        _ = try store.apply(project, files: [], allowingBreaking: false, at: Sample.time(1))
        let changed = try Sample.project(
            Sample.definitions.replacing("sum(amount) over 30d", with: "sum(amount) over 60d"))
        _ = try store.apply(changed, files: [], allowingBreaking: true, at: Sample.time(2))
        for feature in (project.views + changed.views).flatMap(\.features) {
            let text = try #require(try store.canonicalText(of: feature.digest))
            #expect(text == feature.canonicalText)
            #expect(FeatureDigest(ofCanonicalText: text) == feature.digest)
        }
        #expect(try store.canonicalText(of: Sample.digest("never")) == nil)
        let other = AppliedProject(name: "other", entities: [], views: [], services: [])
        let error = #expect(throws: RegistryError.self) {
            _ = try store.apply(other, files: [], allowingBreaking: true, at: Sample.time(3))
        }
        #expect(error?.code == .foreign)
    }
}

extension RegistryConformance {
    private var january: ViewInterval {
        ViewInterval(view: "spending", from: Sample.time(0), to: Sample.time(100))
    }
    private var lease: EventDuration { .seconds(60) }

    private func claims() throws {
        let store = try make()
        let identity = RecordIdentity(of: "a")
        let claim = try store.claim(
            january, identity: identity, owner: Sample.owner(1), at: Sample.time(1), lease: lease)
        #expect(claim == .claimed(previous: nil))
        let other = try store.claim(
            january, identity: identity, owner: Sample.owner(2), at: Sample.time(2), lease: lease)
        guard case .running(let record) = other else {
            Issue.record("\(other)")
            return
        }
        #expect(record.owner == Sample.owner(1))
        let overlap = ViewInterval(view: "spending", from: Sample.time(99), to: Sample.time(200))
        let overlapping = try store.claim(
            overlap, identity: identity, owner: Sample.owner(2), at: Sample.time(2), lease: lease)
        #expect(overlapping == .running(record))
        let beside = ViewInterval(view: "spending", from: Sample.time(100), to: Sample.time(200))
        let apart = try store.claim(
            beside, identity: identity, owner: Sample.owner(2), at: Sample.time(2), lease: lease)
        #expect(apart == .claimed(previous: nil))
        try store.finish(january, owner: Sample.owner(1), rows: 7, at: Sample.time(3))
        let done = try store.claim(
            january, identity: identity, owner: Sample.owner(2), at: Sample.time(4), lease: lease)
        guard case .done(let finished) = done else {
            Issue.record("\(done)")
            return
        }
        #expect(finished.rows == 7 && finished.owner == nil)
        let changed = try store.claim(
            january, identity: RecordIdentity(of: "b"), owner: Sample.owner(2),
            at: Sample.time(5), lease: lease)
        #expect(changed == .claimed(previous: finished))
        #expect(try store.intervals(of: "spending").map(\.state) == [.running, .running])
        #expect(try store.intervals(of: "other").isEmpty)
    }

    private func losesClaims() throws {
        let store = try make()
        let identity = RecordIdentity(of: "a")
        _ = try store.claim(
            january, identity: identity, owner: Sample.owner(1), at: Sample.time(0), lease: lease)
        try store.renew(january, owner: Sample.owner(1), at: Sample.time(50), lease: lease)
        let early = try store.claim(
            january, identity: identity, owner: Sample.owner(2), at: Sample.time(109), lease: lease)
        guard case .running = early else {
            Issue.record("\(early)")
            return
        }
        let late = try store.claim(
            january, identity: identity, owner: Sample.owner(2), at: Sample.time(110), lease: lease)
        guard case .claimed(let previous?) = late else {
            Issue.record("\(late)")
            return
        }
        #expect(previous.state == .running)
        let error = #expect(throws: RegistryError.self) {
            try store.finish(january, owner: Sample.owner(1), rows: 1, at: Sample.time(111))
        }
        #expect(error?.code == .conflict)
        try store.giveUp(january, owner: Sample.owner(2), at: Sample.time(112))
        #expect(try store.intervals(of: "spending").map(\.state) == [.stale])
        _ = try store.claim(
            january, identity: identity, owner: Sample.owner(3), at: Sample.time(113), lease: lease)
        try store.markStale(january, at: Sample.time(114))
        #expect(try store.intervals(of: "spending").map(\.state) == [.running])
        try store.finish(january, owner: Sample.owner(3), rows: 1, at: Sample.time(115))
        try store.markStale(january, at: Sample.time(116))
        #expect(try store.intervals(of: "spending").map(\.state) == [.stale])
    }

    private func generations() throws {
        let store = try make()
        let identity = RecordIdentity(of: "plan")
        let first = try store.beginGeneration(
            of: "spending", identity: identity, cut: Sample.time(9), at: Sample.time(10))
        let second = try store.beginGeneration(
            of: "spending", identity: identity, cut: nil, at: Sample.time(11))
        #expect([first.id, second.id] == [1, 2])
        try store.publishGeneration(
            of: "spending", id: 1, entities: 5, bytes: 70, at: Sample.time(12))
        try store.publishGeneration(
            of: "spending", id: 2, entities: 6, bytes: nil, at: Sample.time(13))
        let third = try store.beginGeneration(
            of: "spending", identity: identity, cut: nil, at: Sample.time(14))
        try store.abandonGeneration(of: "spending", id: third.id, at: Sample.time(15))
        let all = try store.generations(of: "spending")
        #expect(all.map(\.state) == [.retired, .live, .abandoned])
        #expect(all.map(\.entities) == [5, 6, nil])
        #expect(all.map(\.bytes) == [70, nil, nil])
        #expect(all.map(\.cut) == [Sample.time(9), nil, nil])
        let error = #expect(throws: RegistryError.self) {
            try store.publishGeneration(
                of: "spending", id: 3, entities: 1, bytes: 1, at: Sample.time(16))
        }
        #expect(error?.code == .conflict)
        #expect(try store.generations(of: "spending") == all)
    }
}

extension RegistryConformance {
    private func dataSets() throws {
        let store = try make()
        var set = DataSetRecord(
            identity: RecordIdentity(of: "rows"), path: "data/training.parquet",
            service: "next_order", serviceIdentity: Sample.digest("service"), rows: 3,
            writtenAt: Sample.time(4))
        try store.record(set)
        set.writtenAt = Sample.time(5)
        try store.record(set)
        #expect(try store.dataSets() == [set])
    }

    private func models() throws {
        let store = try make()
        let digests = [Sample.digest("b"), Sample.digest("a"), Sample.digest("b")]
        let model = Sample.model("one", digests)
        try store.register(model)
        var same = model
        same.path = "elsewhere"
        try store.register(same)
        let stored = try #require(try store.models().first)
        #expect(try store.models().count == 1)
        #expect(stored.digests == digests)
        #expect(stored.path == model.path && stored.dataSet == model.dataSet)
        #expect(stored.metrics["auc"] == 0.75 && stored.metrics["loss"]?.isNaN == true)
        #expect(try store.model(model.package)?.name == "one")
        #expect(try store.model(RecordIdentity(of: "none")) == nil)
    }

    private func aliases() throws {
        let store = try make()
        let models = ["one", "two", "three"].map { Sample.model($0, []) }
        for model in models { try store.register(model) }
        #expect(try store.alias("production") == nil)
        let missing = #expect(throws: RegistryError.self) {
            _ = try store.moveAlias(
                "production", to: RecordIdentity(of: "none"), expecting: nil, at: Sample.time(1))
        }
        #expect(missing?.code == .unknown)
        for (index, model) in models.enumerated() {
            let before = index == 0 ? nil : models[index - 1].package
            let move = try store.moveAlias(
                "production", to: model.package, expecting: .some(before), at: Sample.time(2))
            #expect(move.number == index + 1)
        }
        let late = #expect(throws: RegistryError.self) {
            _ = try store.moveAlias(
                "production", to: models[0].package, expecting: .some(models[1].package),
                at: Sample.time(3))
        }
        #expect(late?.code == .conflict)
        #expect(
            try store.rollBackAlias("production", at: Sample.time(4)).package == models[1].package)
        #expect(
            try store.rollBackAlias("production", at: Sample.time(5)).package == models[0].package)
        let first = #expect(throws: RegistryError.self) {
            _ = try store.rollBackAlias("production", at: Sample.time(6))
        }
        #expect(first?.code == .unknown)
        #expect(try store.alias("production") == models[0].package)
        #expect(try store.aliasHistory("production").count == 5)
        _ = try store.moveAlias(
            "canary", to: models[1].package, expecting: nil, at: Sample.time(30))
        let aliases = try store.aliases()
        #expect(aliases.map(\.alias) == ["canary", "production"])
        #expect(aliases.map(\.package) == [models[1].package, models[0].package])
        #expect(aliases.map(\.number) == [1, 5])
    }

    private func runs() throws {
        let store = try make()
        let id = try store.beginRun("train", parameters: ["depth": "6"], at: Sample.time(1))
        let killed = try store.beginRun("train", parameters: [:], at: Sample.time(2))
        #expect(killed == id + 1)
        try store.endRun(id, exitCode: 0, metrics: ["seconds": 1.5], at: Sample.time(3))
        let error = #expect(throws: RegistryError.self) {
            try store.endRun(id, exitCode: 1, metrics: [:], at: Sample.time(4))
        }
        #expect(error?.code == .conflict)
        let runs = try store.runs()
        #expect(runs.map(\.exitCode) == [0, nil])
        #expect(runs.first?.parameters == ["depth": "6"])
        #expect(runs.first?.metrics == ["seconds": 1.5])
        #expect(runs.last?.endedAt == nil)
    }
}

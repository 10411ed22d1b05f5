import Foundation
import Registry
import TestSupport
import Testing

/// Every command that writes, on a disk that has room for nothing up to nearly enough.
@Suite("On a full disk", .serialized)
struct FullDiskTests {
    private static let steps = 8
    private let folder: TemporaryFolder
    private let disk: SmallDisk

    init() throws {
        folder = try TemporaryFolder()
        disk = try SmallDisk(bytes: 32 << 20)
    }

    @Test("roost import csv publishes all rows or none")
    func importing() throws {
        let words = ["import", "csv", "input/orders.csv", "--source", "orders"]
        try judge(words + ["--partition", "day"], naming: "data/", after: []) {
            try $0.files(below: "data")
        }
    }

    @Test("roost apply changes all or nothing")
    func applying() throws {
        let path = ".roost/registry.db"
        try judge(["apply"], naming: path, after: [], published: applied)
        let change = FaultShop.definitions.replacing("over 30d", with: "over 28d")
        try judge(
            ["apply", "--allow-breaking"], naming: path, after: [["apply"]],
            change: { try $0.write("feature-definitions/shop.yaml", change) }, published: applied)
    }

    @Test("roost dataset writes the whole data set or none")
    func dataset() throws {
        let words = ["dataset", "returns", "--spine", "pipelines/returns.yaml"]
        let out = ["--out", "set/training.parquet"]
        try judge(words + out, naming: "set/", after: [imported, ["apply"]]) {
            try $0.files(below: "set")
        }
    }

    @Test("roost train packs up a whole model or none")
    func training() throws {
        try judge(["train", "returns"], naming: "/", after: [imported, ["apply"]]) {
            try $0.files(below: "models")
        }
    }

    @Test("roost materialize keeps what is live, and the server answers from it")
    func materializing() throws {
        let before = [imported, ["apply"], ["materialize", "--at", FaultShop.early]]
        let words = ["materialize", "--at", FaultShop.late]
        try judge(words, naming: ".roost", after: before, isServed: true, isWhole: areWhole) {
            try $0.states()
        }
        let spilling = words + ["--memory", "1", "--workers", "1"]
        try judge(spilling, naming: ".roost", after: before, isWhole: areWhole) {
            try $0.states()
        }
    }

    /// Each view is as it was, or as it shall be.
    private func areWhole(_ views: [String], _ kept: [String], _ expected: [String]) -> Bool {
        views.indices.allSatisfy { views[$0] == kept[$0] || views[$0] == expected[$0] }
    }

    private let imported = ["import", "csv", "input/orders.csv", "--source", "orders"]

    private func applied(_ shop: FaultShop) throws -> [String] {
        let path = shop.file(".roost/registry.db")
        guard SQLRegistry.exists(file: path) else { return [] }
        let project = try SQLRegistry(file: path).appliedProject()
        return project?.services.map { "\($0.identity)" } ?? []
    }

    /// Runs `words` undisturbed, then with ever more room, and compares what was published.
    private func judge<Published: Equatable>(
        _ words: [String], naming path: String, after before: [[String]],
        change: (FaultShop) throws -> Void = { _ in },
        isServed: Bool = false,
        isWhole: (_ found: Published, _ kept: Published, _ expected: Published) -> Bool = {
            found, kept, _ in found == kept
        }, published: (FaultShop) throws -> Published
    ) throws {
        try disk.makeRoom()
        let shop = try FaultShop.make(at: folder.file(UUID().uuidString))
        for words in before { #expect(try shop.run(words).exitCode == 0, "\(words)") }
        try change(shop)
        let undisturbed = try shop.copy(to: disk.file("shop"))
        let room = disk.freeBytes
        #expect(try undisturbed.run(words).exitCode == 0)
        let (need, expected) = (room - disk.freeBytes, try published(undisturbed))
        var hits = 0
        for step in 0..<Self.steps {
            let tried = try shop.copy(to: disk.file("shop"))
            let server = isServed ? try FaultServer(tried.path) : nil
            let told = try server?.answer()
            let kept = try published(tried)
            try disk.leaveFree(need * step / Self.steps)
            let run = try tried.run(words)
            hits += run.exitCode == 75 ? 1 : 0
            #expect(run.exitCode == 75, "\(words) with \(step)/\(Self.steps): \(run.errors)")
            // Every run is recorded, so the registry may be the first to meet it.
            let isNamed = [path, ".roost/registry.db"].contains { run.errors.contains($0) }
            #expect(isNamed && run.errors.contains("room"), "\(run.errors)")
            let answer = try server?.answer()
            try disk.makeRoom()
            let found = try published(tried)
            #expect(isWhole(found, kept, expected))
            #expect(answer == told || found != kept && answer?.hasPrefix("200") == true)
            let again = try tried.run(words)
            #expect(again.exitCode == 0, "\(again.errors)")
            #expect(try published(tried) == expected)
            #expect(try server == nil || server?.answer() != told)
        }
        print("full disk: \(hits) of \(Self.steps) runs of roost \(words[0]) met it")
    }
}

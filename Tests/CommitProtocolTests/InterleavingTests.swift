import Foundation
import Testing

/// Goes through every world that can be reached.
private struct Exploration {
    /// In how many ways each world comes to its end.
    private(set) var ways: [World: Double] = [:]
    /// A world that is wrong, if there is one.
    private(set) var wrong: World?
    /// A world in which nothing more happens although rows are left.
    private(set) var stuck: World?
    private var path: Set<World> = []

    /// The number of different worlds.
    var worlds: Int { ways.count }

    /// Visits all that can follow on `world`.
    ///
    /// - Returns: in how many ways it comes to its end.
    @discardableResult
    mutating func visit(_ world: World) -> Double {
        if let known = ways[world] { return known }
        guard wrong == nil else { return 0 }
        guard world.isRight else {
            wrong = world
            return 0
        }
        guard path.insert(world).inserted else {
            stuck = world
            return 0
        }
        let progress = world.progress
        if progress.isEmpty && !world.isComplete { stuck = world }
        var count = progress.isEmpty ? 1.0 : 0
        for next in progress + world.disasters { count += visit(next) }
        path.remove(world)
        ways[world] = count
        return count
    }
}

@Suite("Every interleaving of a commit")
struct InterleavingTests {
    /// What goes wrong in the runs of every day; all of it at once has 200,000 worlds and more.
    private static let disasters: [World.Faults] = [
        .init(rebalances: 2),
        .init(rebalances: 1, crashes: 1),
        .init(rebalances: 1, lostReplies: 1),
        .init(rebalances: 1, rollbacks: 1),
        .init(crashes: 1, lostReplies: 1),
    ]

    private static func keyed(_ faults: World.Faults, without removed: World.Guard? = nil) -> World
    {
        World(partitions: 1, workers: [0, 0], .init(without: removed), faults: faults)
    }

    private static func shared(_ faults: World.Faults, without removed: World.Guard? = nil) -> World
    {
        World(
            partitions: 2, workers: [0, 1], .init(isShared: true, without: removed), faults: faults)
    }

    @Test("applies each row once, for two workers of a partition", arguments: disasters)
    func keyed(faults: World.Faults) { explore(Self.keyed(faults)) }

    @Test(
        "applies each row once, for two partitions that write to one entity",
        arguments: [World.Faults(lostReplies: 1), .init(rollbacks: 1)])
    func shared(faults: World.Faults) { explore(Self.shared(faults)) }

    @Test(
        "applies each row once, with much going wrong at a time",
        .enabled(if: ProcessInfo.processInfo.environment["ROOST_LONG"] != nil))
    func longRun() {
        explore(Self.keyed(.init(rebalances: 1, crashes: 1, lostReplies: 1)))
        explore(Self.keyed(.init(rebalances: 1, lostReplies: 1, rollbacks: 1)))
        explore(Self.shared(.init(lostReplies: 1, rollbacks: 1)))
        explore(Self.shared(.init(crashes: 1, rollbacks: 1)))
        explore(
            World(
                partitions: 2, workers: [0, 1, 0], .init(isShared: true),
                faults: .init(rebalances: 1)))
    }

    private func explore(_ world: World) {
        var exploration = Exploration()
        let ways = exploration.visit(world)
        #expect(exploration.wrong == nil)
        #expect(exploration.stuck == nil)
        print("\(world.faults): \(ways) interleavings of \(exploration.worlds) worlds")
    }

    @Test("needs each of its guards", arguments: World.Guard.allCases)
    func guards(removed: World.Guard) {
        var exploration = Exploration()
        exploration.visit(Self.keyed(.init(rebalances: 1, rollbacks: 1), without: removed))
        #expect(exploration.wrong != nil, "without \(removed)")
    }

    @Test(
        "needs each of its guards where several partitions write to one entity",
        arguments: World.Guard.allCases)
    func sharedGuards(removed: World.Guard) {
        var exploration = Exploration()
        exploration.visit(Self.shared(.init(rollbacks: 1), without: removed))
        #expect(exploration.wrong != nil, "without \(removed)")
    }
}

import Columns
import DefinitionFiles
import Expressions
import Foundation
import Lookup
import Planning
import PointInTime
import Registry
import Stores
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("Materializing")
struct MaterializeJobTests {
    private let flights: FlightsProject
    private let profile: Profile
    private var project: Project { flights.project }

    init() throws {
        flights = try FlightsProject()
        profile = try Project.profile(named: nil, folder: flights.project.folder)
        _ = try profile.openRegistry().apply(
            flights.project.applied, files: flights.project.appliedFiles, allowingBreaking: false,
            at: FlightsProject.start)
    }

    @Test("gives online what the point-in-time join gives, at 20 cuts for 50 random keys each")
    func equality() throws {
        var generator = SeededGenerator(seed: 20)
        let service = try project.service(named: "arrival_delay")
        for cut in 0..<20 {
            // Flights have times in whole minutes: half of the cuts meet some of them.
            let time = FlightsProject.time(&generator)
                .floor(to: cut % 2 == 0 ? .minutes(1) : EventDuration(microseconds: 1))
            try materialize(at: time)
            let spine = self.spine(time, &generator)
            let answer = try OnlineLookup(plan: service).answer(
                entities: spine, now: time, from: profile.openExistingOnlineStore())
            let joined = try join(service, spine)
            #expect(answer.fields == joined.schema.fields)
            for (column, expected) in joined.columns.enumerated() {
                let isEqual = answer.columns[column].holds(expected.scalars)
                #expect(isEqual, "\(answer.fields[column].name) at \(time)")
            }
        }
    }

    @Test("between cuts, batch-refreshed views answer as of their cut in both")
    func betweenCuts() throws {
        var generator = SeededGenerator(seed: 21)
        let service = try project.service(named: "arrival_delay")
        let cut = FlightsProject.start.advanced(by: .days(9))
        // Asked from 02:00 on: the daily view has its cut at midnight, the hourly one at 02:00.
        try materialize(at: cut.advanced(by: .minutes(130)))
        let later = cut.advanced(by: .minutes(185))
        let spine = self.spine(later, &generator)
        let answer = try OnlineLookup(plan: service).answer(
            entities: spine, now: later, from: profile.openExistingOnlineStore())
        let joined = try join(service, spine)
        let isCompared = { (name: String) in name.hasPrefix("route_landings__") }
        for (column, field) in joined.schema.fields.enumerated() where isCompared(field.name) {
            let isEqual = answer.columns[column].holds(joined.columns[column].scalars)
            #expect(isEqual, "\(field.name)")
        }
        let weather = try #require(answer.views.first { $0.view == "weather" })
        #expect(weather.cut == cut.advanced(by: .hours(2)) && !weather.isOffSchedule)
        let route = try #require(answer.views.first { $0.view == "route_landings" })
        #expect(route.cut == cut && route.scheduledCut == cut)
    }

    @Test("does nothing for the same again, and everything for new input or another time")
    func idempotence() throws {
        let time = FlightsProject.start.advanced(by: .days(20))
        #expect(try !materialize(at: time).isUnchanged)
        let again = try materialize(at: time)
        #expect(again.isUnchanged && again.views.count == 7)
        #expect(try !materialize(at: time.advanced(by: .days(1))).isUnchanged)
        #expect(try !materialize(at: time).isUnchanged)
        try FlightsProject.touch(project, "landings")
        let changed = try materialize(at: time)
        let built = changed.views.filter { !$0.isUnchanged }.map(\.view)
        #expect(
            built == ["carrier_landings", "airport_landings", "plane_landings", "route_landings"])
        let live = try profile.openRegistry().generations(of: "weather").filter {
            $0.state == .live
        }
        #expect(live.count == 1)
    }

    @Test("remembers intervals, and does not go back in time for an old one")
    func intervals() throws {
        let days = (0..<4).map { FlightsProject.start.advanced(by: .days(Int64(10 + $0))) }
        #expect(try !materialize(at: days[1], from: days[0]).isUnchanged)
        #expect(try materialize(at: days[1], from: days[0]).isUnchanged)
        #expect(try !materialize(at: days[3], from: days[2]).isUnchanged)
        #expect(try materialize(at: days[1], from: days[0]).isUnchanged)
        let error = #expect(throws: JobError.self) {
            try materialize(at: days[2], from: days[1])
        }
        #expect(error?.code == .usage)
        let done = try profile.openRegistry().intervals(of: "weather").filter { $0.state == .done }
        #expect(done.map(\.interval.from) == [days[0], days[2]])
    }

    @Test("gives the same bytes for any memory and any number of workers")
    func memoryAndWorkers() throws {
        let time = FlightsProject.start.advanced(by: .days(25))
        var bytes: [[[UInt8]?]] = []
        for (workers, memory) in [(1, 1 << 30), (3, 1 << 30), (2, 40_000), (1, 1)] {
            try materialize(at: time, workers: workers, memory: memory, isForced: true)
            bytes.append(try allStates(profile.openExistingOnlineStore()).flatMap(\.values))
        }
        #expect(bytes.allSatisfy { $0 == bytes[0] })
        #expect(bytes[0].compactMap(\.self).count > 30)
    }

    @Test("that is killed at 100 random moments leaves whole generations, and a re-run ends it")
    func killing() throws {
        let times = [
            FlightsProject.start.advanced(by: .days(15)),
            FlightsProject.start.advanced(by: .days(40)),
        ]
        var expected: [EventTime: [String: [[UInt8]?]]] = [:]
        for time in times {
            try materialize(at: time)
            for answer in try allStates(profile.openExistingOnlineStore()) {
                let generation = try #require(answer.generation)
                expected[generation.cut, default: [:]][generation.view] = answer.values
            }
        }
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let shortest = try shortestRun(of: times)
        var killed = 0
        for round in 0..<100 {
            let process = try roost(at: times[round % 2])
            let deadline = Date(
                timeIntervalSinceNow: Double.random(in: 0...0.95, using: &generator) * shortest)
            while Date() < deadline, process.isRunning { try checkStates(expected) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { killed += 1 }
            try checkStates(expected)
        }
        print("killed materialize: \(killed) of 100 rounds hit it, seed \(seed)")
        #expect(killed >= 90, "seed \(seed)")
        let report = try materialize(at: times[0])
        #expect(report.views.count == 7)
        try checkStates(expected)
        for view in project.plan.views {
            let live = try profile.openRegistry().generations(of: view.name)
                .filter { $0.state == .live }
            let inStore = try profile.openExistingOnlineStore().liveGeneration(view: view.name)
            #expect(live.map(\.cut) == [inStore?.cut])
        }
    }

    @discardableResult
    private func materialize(
        at time: EventTime, from: EventTime? = nil, workers: Int = 2, memory: Int = 1 << 30,
        isForced: Bool = false
    ) throws -> MaterializeReport {
        let store = try profile.openOnlineStore()
        var options = try MaterializeOptions(
            time: time, spillFolder: profile.spillFolder(projectFolder: ""))
        options.from = from
        options.workers = workers
        options.memory = memory
        options.isForced = isForced
        var generator = SystemRandomNumberGenerator()
        return try MaterializeJob(
            project: project, views: project.views(named: []),
            stores: MaterializeStores(
                online: store, offline: profile.openOfflineStore(), registry: profile.openRegistry()
            ),
            owner: .current(using: &generator), now: time, options: options
        ).run()
    }

    /// How many seconds the program takes when nobody kills it and, as in each round, states are
    /// read beside it.
    private func shortestRun(of times: [EventTime]) throws -> Double {
        var shortest = Double.infinity
        for round in 0..<4 {
            let begun = Date()
            let process = try roost(at: times[round % 2])
            while process.isRunning { _ = try allStates(profile.openExistingOnlineStore()) }
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            shortest = min(shortest, Date().timeIntervalSince(begun))
        }
        return shortest
    }

    private func roost(at time: EventTime) throws -> Process {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: "\(JudgeProcess.packageRoot)/.build/debug/roost")
        process.arguments = [
            "materialize", "--project", project.folder, "--at", "\(time)", "--force", "--json",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func checkStates(_ expected: [EventTime: [String: [[UInt8]?]]]) throws {
        for answer in try allStates(profile.openExistingOnlineStore()) {
            let generation = try #require(answer.generation)
            #expect(answer.values == expected[generation.cut]?[generation.view])
        }
    }

    /// The states of all keys of all views at one moment.
    private func allStates(_ store: any OnlineStore) throws -> [StoreAnswer] {
        func key(_ texts: [String]) -> EntityKey {
            var key = EntityKey()
            for text in texts { key.append(text.utf8) }
            return key
        }
        let routes = FlightsProject.airports.flatMap { origin in
            FlightsProject.airports.map { key([origin, $0]) }
        }
        return try store.read(
            project.plan.views.map { view in
                let keys: [EntityKey] =
                    switch view.entity {
                    case "carrier": FlightsProject.carriers.map { key([$0]) }
                    case "airport": FlightsProject.airports.map { key([$0]) }
                    case "plane": FlightsProject.planes.map { key([$0]) }
                    default: routes
                    }
                return StoreRequest(view: view.name, keys: keys)
            })
    }

    /// 50 random rows, all asked at `time`, with keys that are null or unknown among them.
    private func spine(_ time: EventTime, _ generator: inout SeededGenerator) -> ColumnBatch {
        func keys(_ known: [String]) -> Column {
            let values: [Scalar] = known.map { .string($0) } + [.null, .string("??")]
            return Column(
                type: .string,
                (0..<50).map { _ in values.randomElement(using: &generator) ?? .null })
        }
        let columns: [(String, Column)] = [
            ("carrier", keys(FlightsProject.carriers)), ("origin", keys(FlightsProject.airports)),
            ("dest", keys(FlightsProject.airports)), ("tailnum", keys(FlightsProject.planes)),
            ("distance", Column(type: .double, repeating: .double(700), count: 50)),
            ("scheduled_at", Column(type: .timestamp, repeating: .timestamp(time), count: 50)),
            ("timestamp", Column(type: .timestamp, repeating: .timestamp(time), count: 50)),
        ]
        return ColumnBatch(
            schema: Schema(columns.map { Field(name: $0.0, type: $0.1.type) }),
            columns: columns.map(\.1), rowCount: 50)
    }

    private func join(_ service: ServicePlan, _ spine: ColumnBatch) throws -> ColumnBatch {
        var faults = FaultCounts()
        return try PointInTimeJoin(plan: service).run(
            spine: OneBatch(batch: spine), time: "timestamp"
        ) {
            try ParquetRows(source: $0, folder: project.folder)
        }.features(chunk: 0, faults: &faults)
    }
}

/// A spine of one batch.
private struct OneBatch: BatchRows {
    let batch: ColumnBatch
    var chunkCount: Int { 1 }

    func rowCount(chunk: Int) -> Int { batch.rowCount }

    func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        ColumnBatch(
            schema: schema, columns: schema.fields.compactMap { batch[$0.name] },
            rowCount: batch.rowCount)
    }
}

import Columns
import DefinitionFiles
import Foundation
import Planning
import PointInTime
import Registry
import Stores
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("Materializing into the offline store", .serialized)
struct EventLogLoadTests {
    private let flights: FlightsProject
    private let profile: Profile
    private var project: Project { flights.project }
    private let days = (0..<28).map { FlightsProject.start.advanced(by: .days(Int64($0))) }

    init() throws {
        flights = try FlightsProject(flights: 1500)
        profile = try Project.profile(named: nil, folder: flights.project.folder)
        _ = try profile.openRegistry().apply(
            project.applied, files: project.appliedFiles, allowingBreaking: false, at: days[0])
    }

    @Test("keeps every row before the time, once, with all declared columns, for any workers")
    func everyRow() throws {
        for (name, workers) in [("departures", 1), ("landings", 3), ("observations", 2)] {
            let report = try load(name, to: days[20], workers: workers)
            let log = try rows(of: name)
            #expect(try log == file(name, before: days[20]), "\(name)")
            #expect(report.rows == log.count && report.appended == log.count)
            #expect(report.completeTo == days[20] && report.version == 1)
        }
    }

    @Test("does nothing for the same again, and appends only what came to be")
    func sameAgain() throws {
        #expect(try !load("landings", to: days[5]).isUnchanged)
        #expect(try load("landings", to: days[5]).isUnchanged)
        #expect(try load("landings", to: days[3]).isUnchanged)
        let next = try load("landings", to: days[9])
        let before = try file("landings", before: days[5]).count
        #expect(try next.appended == file("landings", before: days[9]).count - before)
        #expect(next.superseded == 0 && next.version == 2)
        #expect(try rows(of: "landings") == file("landings", before: days[9]))
        let intervals = try profile.openOfflineStore().eventLog(of: "landings").state(at: .newest)
            .intervals
        #expect(intervals.map(\.interval.to) == [days[5], days[9]])
    }

    @Test("lets other input take the place of the rows of the intervals that it touches")
    func otherInput() throws {
        _ = try load("departures", to: days[10])
        _ = try load("departures", to: days[20])
        let before = try rows(of: "departures")
        let folder = "\(project.folder)/data/departures"
        let later = "\(folder)/later.parquet"
        try FileManager.default.copyItem(atPath: "\(folder)/part.parquet", toPath: later)
        try FlightsProject.touch(project, "departures")
        let changed = try load("departures", to: days[20])
        #expect(changed.superseded == 2 && changed.version == 4)
        #expect(try rows(of: "departures") == file("departures", before: days[20]))
        #expect(try rows(of: "departures", at: .version(2)) == before)
        try FileManager.default.removeItem(atPath: later)
        #expect(try load("departures", to: days[20]).superseded == 2)
        #expect(try rows(of: "departures") == file("departures", before: days[20]))
    }

    @Test("leaves an interval alone when a file that came has no rows of it")
    func untouchedInterval() throws {
        let folder = "\(project.folder)/data/departures"
        _ = try load("departures", to: days[14])
        try FlightsProject.add("departures", from: days[20], to: project)
        let next = try load("departures", to: days[27])
        #expect(next.superseded == 0 && next.version == 2)
        #expect(try rows(of: "departures") == file("departures", before: days[27]))
        #expect(FileManager.default.fileExists(atPath: "\(folder)/later.parquet"))
    }

    @Test("a data set of the log has the bytes of that of the files, until rows change")
    func datasets() throws {
        let service = try project.service(named: "arrival_delay")
        let spine = try spineFile(before: days[20])
        var job = try MaterializeOptions(
            time: days[20], spillFolder: profile.spillFolder(projectFolder: ""))
        job.workers = 2
        try materialize(job)
        func dataset(_ name: String, _ point: KnownPoint?) throws -> [UInt8] {
            var options = DatasetOptions(output: "\(project.folder)/\(name).parquet")
            options.knownAt = point
            options.isForced = true
            _ = try DatasetJob(
                service: service, spine: .path(spine), places: SourcePlaces(folder: project.folder),
                offline: profile.openOfflineStore(), options: options
            ).run()
            return try FileSystem.bytes(of: options.output)
        }
        let original = try dataset("files", nil)
        #expect(try dataset("log", .version(1)) == original)
        #expect(try dataset("log", .time(.distantFuture)) == original)
        try FlightsProject.touch(project, "landings")
        try materialize(job)
        let changed = try dataset("files", nil)
        #expect(changed != original)
        #expect(try dataset("log", .time(.distantFuture)) == changed)
        #expect(try dataset("log", .version(1)) == original)
        let versions = ["departures": 1, "landings": 2, "observations": 1]
        #expect(try dataset("log", .versions(versions)) == changed)
        let beyond = try spineFile(before: days[27])
        let error = #expect(throws: PointInTimeError.self) {
            var options = DatasetOptions(output: "\(project.folder)/beyond.parquet")
            options.knownAt = .version(1)
            _ = try DatasetJob(
                service: service, spine: .path(beyond),
                places: SourcePlaces(folder: project.folder),
                offline: profile.openOfflineStore(), options: options
            ).run()
        }
        #expect(error?.code == .incompleteSource)
    }

    @Test("that is killed at 60 random moments leaves no double and no missing row in the log")
    func killing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var known: [[String]] = [[]]
        var killed = 0
        for round in 0..<60 {
            let text = "seed \(seed), round \(round)"
            try FlightsProject.touch(
                project, "landings", count: 200 + round, seed: UInt64(round))
            let end = days[round % 2 == 0 ? 14 : 27]
            known.append(try file("landings", before: days[14]))
            known.append(try file("landings", before: days[27]))
            let process = try roost(at: end)
            let deadline =
                DispatchTime.now()
                + .microseconds(
                    Int.random(in: 5_000...250_000, using: &generator))
            while DispatchTime.now() < deadline, process.isRunning {}
            if process.isRunning { killed += 1 }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            // Intervals are replaced one by one, so that the log may be between two inputs.
            let log = try profile.openOfflineStore().eventLog(of: "landings").state(at: .newest)
            let found = try rows(of: "landings")
            let parts = log.intervals.map(\.interval).map { interval in
                known.contains { rows in
                    rows.filter { isIn($0, interval) } == found.filter { isIn($0, interval) }
                }
            }
            #expect(parts.allSatisfy { $0 }, "\(text)")
            #expect(
                found.allSatisfy { row in
                    log.intervals.contains { isIn(row, $0.interval) }
                }, "\(text)")
        }
        #expect(killed > 10, "seed \(seed)")
        let process = try roost(at: days[27])
        process.waitUntilExit()
        #expect([0, 99].contains(process.terminationStatus), "seed \(seed)")
        #expect(try rows(of: "landings") == file("landings", before: days[27]), "seed \(seed)")
        try checkFolder("landings")
    }
}

extension EventLogLoadTests {
    private func load(
        _ name: String, to end: EventTime, workers: Int = 2
    ) throws -> MaterializeReport.Source {
        let source = try project.source(named: name)
        return try EventLogLoad(
            source, ParquetRows(source: source, folder: project.folder), folder: project.folder,
            log: profile.openOfflineStore().eventLog(of: name), workers: workers
        ).run(to: end, at: end)
    }

    private func materialize(_ options: MaterializeOptions) throws {
        var generator = SystemRandomNumberGenerator()
        _ = try MaterializeJob(
            project: project, views: project.views(named: []),
            stores: MaterializeStores(
                online: profile.openOnlineStore(), offline: profile.openOfflineStore(),
                registry: profile.openRegistry()),
            owner: .current(using: &generator), now: options.time, options: options
        ).run()
    }

    private func roost(at time: EventTime) throws -> Process {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: "\(JudgeProcess.packageRoot)/.build/debug/roost")
        process.arguments = ["materialize", "--project", project.folder, "--at", "\(time)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The rows of a log as sorted texts that begin with the event time.
    private func rows(of name: String, at point: LogPoint = .newest) throws -> [String] {
        let source = try project.source(named: name)
        let rows = try profile.openOfflineStore().eventLog(of: name).state(at: point).rows(
            workers: 1)
        return try texts(source, rows)
    }

    /// The rows of the source's files before `end`, naively.
    private func file(_ name: String, before end: EventTime) throws -> [String] {
        let source = try project.source(named: name)
        let rows = try ParquetRows(source: source, folder: project.folder)
        return try texts(source, rows).filter { time(of: $0) < end.microseconds }
    }

    private func texts(_ source: SourcePlan, _ rows: any BatchRows) throws -> [String] {
        var texts: [String] = []
        for chunk in 0..<rows.chunkCount {
            let declared = try rows.read(chunk: chunk, schema: source.schema)
            let all = MergedSource([source]).computing(declared)
            let events = try #require(all[source.eventTime])
            for row in 0..<all.rowCount {
                guard case .timestamp(let time) = events.scalar(at: row) else { continue }
                let cells = declared.columns.map { "\($0.scalar(at: row))" }
                texts.append("\(time.microseconds) " + cells.joined(separator: "|"))
            }
        }
        return texts.sorted()
    }

    private func time(of row: String) -> Int64 {
        Int64(row.split(separator: " ").first ?? "") ?? .min
    }

    private func isIn(_ row: String, _ interval: EventInterval) -> Bool {
        interval.contains(EventTime(microseconds: time(of: row)))
    }

    /// A spine of 40 rows.
    private func spineFile(before end: EventTime) throws -> String {
        var generator = SeededGenerator(seed: 3)
        return try FlightsProject.spine(
            at: "\(project.folder)/spine-\(end.microseconds).parquet", before: end, &generator)
    }

    /// No file lies around that no commit lists.
    private func checkFolder(_ name: String) throws {
        let folder = "\(project.folder)/.roost/lake/\(name)"
        let found = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
        let names = found.compactMap { $0 as? String }
        let commits = try names.filter { $0.hasSuffix(".commit") }.map {
            try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
        }.joined()
        for file in names where file.hasSuffix(".parquet") {
            #expect(commits.contains(file), "\(file)")
        }
        #expect(!names.contains { $0.hasSuffix(".tmp") })
    }
}

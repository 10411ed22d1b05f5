import Columns
import Parquet
import Planning
import PointInTime
import TestSupport
import Values

@testable import Jobs

/// The worked example's definitions over made-up flights of four weeks.
struct FlightsProject {
    static let carriers = ["AA", "B6", "UA"]
    static let airports = ["EWR", "JFK", "LGA"]
    static let planes = (0..<15).map { "N\($0)" }
    static let start = EventTime(microseconds: 1_357_000_000_000_000).floor(to: .days(1))

    let folder: TemporaryFolder
    let project: Project

    init(flights: Int = 4000, seed: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        let definitions = "\(JudgeProcess.packageRoot)/feature-definitions"
        for name in try FileSystem.names(in: definitions) {
            _ = try folder.file(
                "feature-definitions/\(name)", FileSystem.bytes(of: "\(definitions)/\(name)"))
        }
        project = try Project(folder: folder.path)
        var generator = SeededGenerator(seed: seed)
        let rows = (0..<flights).map { _ in Self.flight(&generator) }
        for source in ["departures", "landings"] { try Self.write(rows, source, of: project) }
        try Self.write(
            (0..<1500).map { _ in Self.flight(&generator) }, "observations", of: project)
    }

    /// A random time within the four weeks.
    static func time(_ generator: inout SeededGenerator) -> EventTime {
        start.advanced(
            by: EventDuration(
                microseconds: Int64.random(in: 0..<28 * 86_400_000_000, using: &generator)))
    }

    private static func flight(_ generator: inout SeededGenerator) -> [String: Scalar] {
        func number(_ range: ClosedRange<Double>, nulls: Int) -> Scalar {
            Int.random(in: 0..<100, using: &generator) < nulls
                ? .null : .double(Double.random(in: range, using: &generator).rounded())
        }
        func pick(_ texts: [String]) -> Scalar {
            .string(texts.randomElement(using: &generator) ?? "")
        }
        return [
            "carrier": pick(carriers), "origin": pick(airports), "dest": pick(airports),
            "tailnum": Int.random(in: 0..<30, using: &generator) == 0 ? .null : pick(planes),
            "dep_delay": number(-10...90, nulls: 3), "arr_delay": number(-30...120, nulls: 4),
            "air_time": number(20...300, nulls: 4), "distance": number(90...3000, nulls: 1),
            "time_hour": .timestamp(time(&generator).floor(to: .hours(1))),
            "minute": .integer(Int64.random(in: 0...59, using: &generator)),
            "temp": number(10...90, nulls: 5), "humid": number(10...99, nulls: 0),
            "wind_speed": number(0...40, nulls: 2), "precip": number(0...2, nulls: 0),
            "pressure": number(980...1030, nulls: 20), "visib": number(0...10, nulls: 0),
        ]
    }

    /// Writes other rows of the source `name`.
    static func touch(
        _ project: Project, _ name: String, count: Int = 100, seed: UInt64 = 99
    ) throws {
        var generator = SeededGenerator(seed: seed)
        try write((0..<count).map { _ in flight(&generator) }, name, of: project)
    }

    /// Writes another file of the source `name`, of flights that leave from `day` on.
    static func add(_ name: String, from day: EventTime, to project: Project) throws {
        var generator = SeededGenerator(seed: 98)
        let rows = (0..<100).map { _ in
            var flight = flight(&generator)
            flight["time_hour"] = .timestamp(day)
            return flight
        }
        try write(rows, name, of: project, file: "later")
    }

    /// Writes 40 rows to ask for, before `end`.
    static func spine(
        at path: String, before end: EventTime, _ generator: inout SeededGenerator
    ) throws -> String {
        let rows = (0..<40).map { _ in flight(&generator) }
        let latest = end.microseconds - start.microseconds
        let times: [Scalar] = rows.map { _ in
            let offset = Int64.random(in: 0...latest, using: &generator)
            return .timestamp(start.advanced(by: EventDuration(microseconds: offset)))
        }
        func column(_ name: String) -> (Field, Column) {
            let type: DataType = name == "distance" ? .double : .string
            return (
                Field(name: name, type: type), Column(type: type, rows.map { $0[name] ?? .null })
            )
        }
        let columns =
            ["carrier", "origin", "dest", "tailnum", "distance"].map(column)
            + ["timestamp", "scheduled_at"].map {
                (Field(name: $0, type: .timestamp), Column(type: .timestamp, times))
            }
        let schema = Schema(columns.map(\.0))
        let writer = try ParquetWriter(path: path, schema: schema)
        try writer.write(
            ColumnBatch(schema: schema, columns: columns.map(\.1), rowCount: rows.count))
        try writer.close()
        return path
    }

    private static func write(
        _ rows: [[String: Scalar]], _ name: String, of project: Project, file: String = "part"
    ) throws {
        let source = try project.source(named: name)
        let path = Path.join(project.folder, "\(source.parquetPath ?? "")/\(file).parquet")
        try FileSystem.makeFolder(Path.parent(of: path))
        let writer = try ParquetWriter(
            path: path, schema: source.schema, options: ParquetWriterOptions(rowGroupRows: 700))
        try writer.write(
            ColumnBatch(
                schema: source.schema,
                columns: source.schema.fields.map { field in
                    Column(type: field.type, rows.map { $0[field.name] ?? .null })
                }, rowCount: rows.count))
        try writer.close()
    }
}

public import Planning
public import Quality
public import Registry
import Values

/// The profiles of a source's columns when a job last read them, beside the time before.
public struct SourceProfile: Sendable {
    /// The run that read them.
    public let run: QualityRun
    /// The latest run of the same command before it, which read something else; nil when there is
    /// none.
    public let earlier: QualityRun?
    /// The columns, in the source's order.
    public let columns: [ColumnProfile]
    /// The columns of the earlier run, by name.
    public let earlierColumns: [String: ColumnProfile]

    /// Reads what the registry remembers of `source`.
    ///
    /// - Throws: `usage` when nothing was profiled; what the registry throws.
    public init(of source: SourcePlan, in registry: (any RegistryStore)?) throws {
        let runs = try registry?.qualityRuns(of: source.name, latest: 50) ?? []
        let profiled = runs.filter { !$0.columns.isEmpty }
        guard let run = profiled.last else {
            throw JobError(
                .usage, "the source '\(source.name)' was not profiled yet",
                hint: source.expectations.isEmpty
                    ? "give it an 'expect:' list, run 'roost apply' and 'roost materialize'"
                    : "run 'roost materialize', which profiles the rows that it reads")
        }
        self.run = run
        earlier = profiled.last { $0.identity != run.identity && $0.command == run.command }
        columns = try run.profiles()
        let before = try earlier?.profiles() ?? []
        earlierColumns = Dictionary(before.map { ($0.field.name, $0) }) { first, _ in first }
    }

    /// The profile for programs.
    public var members: [JSONMember] {
        [
            JSONMember(name: "source", value: .string(run.source)),
            JSONMember(name: "run", value: run.json),
            JSONMember(name: "earlier", value: earlier?.json ?? .null),
            JSONMember(
                name: "columns",
                value: .array(columns.map { $0.json(earlier: earlierColumns[$0.field.name]) })),
            JSONMember(name: "expectations", value: .array(run.results.map(\.json))),
        ]
    }
}

extension QualityRun {
    fileprivate func profiles() throws -> [ColumnProfile] {
        try columns.map { column in
            guard let type = DataType(parsing: column.type) else {
                throw JobError(.failure, "the registry holds a profile of type '\(column.type)'")
            }
            return try ColumnProfile(
                Field(name: column.name, type: type), encoded: column.profile)
        }
    }

    fileprivate var json: JSONValue {
        .object([
            "number": .integer(number),
            "command": .string(command),
            "read_at": .string(readAt.description),
            "stopped": .bool(isStopped),
            "identity": .string(identity.description),
        ])
    }
}

extension QualityRun.Result {
    fileprivate var json: JSONValue {
        .object([
            "subject": .string(subject),
            "expectation": .string(expectation),
            "action": .string(action),
            "verdict": .string(verdict),
            "rows": .count(rows),
            "broken": .count(broken),
            "detail": .optional(detail.isEmpty ? nil : detail),
        ])
    }
}

extension ColumnProfile {
    /// The quantiles that are shown, in millionths.
    private static let quantiles: [(name: String, millionths: Int64)] = [
        ("p1", 10_000), ("p5", 50_000), ("p25", 250_000), ("p50", 500_000), ("p75", 750_000),
        ("p95", 950_000), ("p99", 990_000),
    ]

    fileprivate func json(earlier: ColumnProfile?) -> JSONValue {
        var members: [JSONMember] = []
        func add(_ name: String, _ value: JSONValue) {
            members.append(JSONMember(name: name, value: value))
        }
        add("name", .string(field.name))
        add("type", .string(field.type.description))
        add("of", .string(field.type.element == nil ? "values" : "lengths"))
        add("rows", .integer(rows))
        add("nulls", .integer(nulls))
        add("non_finite", .integer(nonFinite))
        add("distinct", .integer(distinct.count))
        add("min", JSONValue(least))
        add("max", JSONValue(greatest))
        add("mean", mean.map { JSONValue(.double($0)) } ?? .null)
        add("stddev", standardDeviation.map { JSONValue(.double($0)) } ?? .null)
        add(
            "quantiles",
            .object(
                Self.quantiles.compactMap { share in
                    quantile(millionths: share.millionths).map {
                        JSONMember(name: share.name, value: JSONValue($0))
                    }
                }))
        add("histogram", histogram.map(\.json) ?? .null)
        add("values", .array((distinct.sorted ?? []).prefix(20).map(\.json)))
        add("moved", earlier.flatMap { moved(from: $0) }.map(JSONValue.double) ?? .null)
        return .object(members)
    }
}

extension AlignedHistogram {
    fileprivate var json: JSONValue {
        .object([
            "log2_width": .count(scale),
            "bins": .array(
                counts.enumerated().filter { $0.element > 0 }.map { index, count in
                    .array([.integer(first + Int64(index)), .integer(count)])
                }),
        ])
    }
}

extension DistinctValues.Entry {
    fileprivate var json: JSONValue {
        .object(["value": JSONValue(value), "count": .integer(count)])
    }
}

import Expressions
import Planning
import PointInTime
import Values

/// What `OUT.manifest.json` says: what the data set was made of, and what was counted. It holds no
/// time stamp, so the same data set has the same manifest.
struct DatasetManifest {
    /// Changes when the same input would give other bytes.
    private static let version = 1

    /// Everything that decides the data set.
    let identity: String
    private let service: ServicePlan
    private let columns: DatasetColumns
    private let decisive: JSONValue

    init(
        service: ServicePlan, spine: Spine, columns: DatasetColumns,
        sources: DatasetSources, options: DatasetOptions
    ) {
        decisive = .object([
            "version": .count(Self.version),
            "project": .string(service.project),
            "service": .string(service.name),
            "options": .object([
                "time": .string(spine.time),
                "inclusive": .bool(options.isInclusive),
                "allow_incomplete": .bool(options.allowsIncomplete),
                "short": .bool(options.usesShortNames),
            ]),
            "spine": spine.identity,
            "features": .array(
                service.features.map { .feature($0.column, $0.digest) }
                    + service.derived.map { .feature($0.name, $0.digest) }),
            "columns": Schema(columns.fields).json,
            "inputs": .object(
                sources.inputs.map { JSONMember(name: $0.name, value: $0.value) }),
        ])
        identity = hexadecimal(SHA256.hash(Array(decisive.line.utf8)))
        self.service = service
        self.columns = columns
    }

    static func path(of output: String) -> String { output + ".manifest.json" }

    /// Whether `output` is what this manifest describes.
    func isFulfilled(at output: String) throws(JobError) -> Bool {
        guard let manifest = try Self.read(of: output) else { return false }
        return manifest["identity"]?.text == identity
            && FileSystem.size(of: output).map { Int64($0) } == manifest["bytes"]?.integer
    }

    /// The manifest beside `output`, or nil when there is none that can be read.
    static func read(of output: String) throws(JobError) -> JSONValue? {
        let path = path(of: output)
        guard FileSystem.kind(of: path) == .file else { return nil }
        return JSONValue(parsing: try FileSystem.text(of: path))
    }

    func document(_ report: DatasetReport) -> String {
        guard case .object(let members) = decisive else { return "" }
        let counted = JSONValue.object([
            "rows": .count(report.rows),
            "bytes": .count(FileSystem.size(of: report.output) ?? 0),
            "views": .array(report.join.views.map(\.json)),
            "nulls": .array(report.nullCounts.map { $0.json(rows: report.rows) }),
        ])
        guard case .object(let counts) = counted else { return "" }
        let first = JSONMember(name: "identity", value: .string(identity))
        return JSONValue.object([first] + members + counts).document
    }
}

extension JSONValue {
    fileprivate static func feature(_ column: String, _ digest: FeatureDigest) -> JSONValue {
        .object(["column": .string(column), "digest": .string(digest.description)])
    }
}

extension ViewReport {
    /// The counters by name.
    var json: JSONValue {
        .object([
            "view": .string(view),
            "rows": .count(rows.total),
            "used": .count(rows.used),
            "of_other_keys": .count(rows.ofOtherKeys),
            "filtered": .count(rows.filtered),
            "without_key": .count(rows.withoutKey),
            "without_event_time": .count(rows.withoutEventTime),
            "without_known_at": .count(rows.withoutKnownAt),
            "too_late": .count(rows.tooLate),
            "too_far_ahead": .count(rows.tooFarAhead),
            "overflowed_keys": .count(overflowedKeys),
            "incomplete_spine_rows": .count(incompleteSpineRows),
        ])
    }
}

extension DatasetReport.NullCount {
    func json(rows: Int) -> JSONValue {
        .object([
            "column": .string(column), "nulls": .count(nulls),
            "rate": .double(rows == 0 ? 0 : Double(nulls) / Double(rows)),
        ])
    }
}

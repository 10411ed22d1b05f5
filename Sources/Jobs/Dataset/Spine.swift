import Columns
import Parquet
import Planning
import PointInTime
import Values

/// The rows of a data set before features are added.
struct Spine {
    /// The columns that the data set begins with, with their stored types.
    let fields: [Field]
    /// The column of asking times.
    let time: String
    /// The rows as the engine reads them.
    let rows: any BatchRows
    /// What decides which rows these are.
    let identity: JSONValue
    /// The files they come from.
    let files: ParquetRows
    private let isStored: Bool

    /// Opens `spine` and checks that `service` can be asked about its rows.
    init(
        _ spine: DatasetSpine, for service: ServicePlan, time: String?, places: SourcePlaces
    ) throws {
        switch spine {
        case .path(let path): try self.init(path: path, service: service, time: time)
        case .pipeline(let plan):
            if let time, time != plan.time {
                throw JobError(
                    .usage, "--time \(time) contradicts the pipeline, whose time is \(plan.time)",
                    hint: "leave --time out")
            }
            try self.init(plan: plan, service: service, places: places)
        }
    }

    private init(path: String, service: ServicePlan, time: String?) throws {
        files = try ParquetRows(path: path, subject: "the spine")
        guard let first = files.files.first?.parquet else {
            throw JobError(
                .usage, "the spine: \(path) holds no Parquet file, so its columns are unknown",
                hint: "write the spine, with no rows if there are none")
        }
        if let column = first.unsupportedColumns.first {
            throw JobError(
                .usage,
                "the spine: column '\(column.name)' of \(path) cannot be read: "
                    + column.reason,
                hint: "leave the column out of the spine")
        }
        fields = first.schema.fields
        for file in files.files where file.parquet.schema != first.schema {
            throw JobError(
                .usage, "the spine: \(file.parquet.path) has other columns than \(first.path)",
                hint: "write all files of the spine with the same columns and types")
        }
        self.time = time ?? "timestamp"
        rows = files
        isStored = true
        identity = .array(
            try files.files.map { .string(try FileSystem.digest(of: $0.parquet.path)) })
        try checkTime(in: path)
        for field in service.keyFields { try files.check(Schema([field])) }
        try files.check(Schema(service.request)) { $0.isInteger && $1 == .double }
    }

    private init(plan: SpinePlan, service: ServicePlan, places: SourcePlaces) throws {
        files = try places.rows(of: plan.source)
        fields = plan.columns
        time = plan.time
        rows = try FilteredRows(rows: files, source: plan.source, filter: plan.filter)
        isStored = false
        identity = .object([
            "source": plan.source.schema.json,
            "computed": .array(
                plan.source.computed.map { .string("\($0.name): \($0.canonicalText)") }),
            "where": .optional(plan.filterText),
            "zone": .optional(plan.source.zone),
            "files": files.inputs(below: places.folder),
        ])
    }

    /// The columns of the data set's beginning, unchanged.
    func columns(chunk: Int) throws -> ColumnBatch {
        let schema = Schema(fields)
        return try isStored
            ? files.readStored(chunk: chunk, schema: schema)
            : rows.read(chunk: chunk, schema: schema)
    }

    private func checkTime(in path: String) throws(JobError) {
        let type = fields.first { $0.name == time }?.type
        if type == .timestamp { return }
        let timestamps = fields.filter { $0.type == .timestamp }.map { "'\($0.name)'" }
        let found = type.map { "column '\(time)' of \(path) is \($0), not a timestamp" }
        throw JobError(
            .usage, "the spine: " + (found ?? "\(path) has no column '\(time)'"),
            hint: timestamps.isEmpty
                ? "a spine needs a timestamp column that says when each row asks"
                : "name the asking time with --time: the file has "
                    + timestamps.joined(separator: ", "))
    }
}

extension ServicePlan {
    /// The spine columns that hold join keys; a column may serve several keys.
    var keyFields: [Field] {
        lookups.flatMap { lookup in
            zip(lookup.view.keys, lookup.spineColumns).map { key, column in
                Field(name: column, type: key.type)
            }
        }
    }
}

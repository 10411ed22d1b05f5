import Expressions
import Planning
import Values

/// What `_manifest.json` says about an imported folder: enough to know that the same import would
/// write the same rows again.
struct ImportManifest {
    static let name = "_manifest.json"
    /// Changes when the same input would be written differently.
    private static let version = 1

    /// Everything that decides what is written, and where each input came from.
    let identity: String
    private let inputs: [JSONValue]
    private let source: SourcePlan
    private let partition: ImportPartition

    /// Reads and hashes the input files.
    init(source: SourcePlan, options: ImportOptions) throws(JobError) {
        var inputs: [JSONValue] = []
        for file in options.files {
            inputs.append(
                .object([
                    "name": .string(Path.name(of: file)),
                    "bytes": .count(FileSystem.size(of: file) ?? 0),
                    "sha256": .string(try FileSystem.digest(of: file)),
                ]))
        }
        let decisive = JSONValue.object([
            "version": .count(Self.version),
            "source": .string(source.name),
            "columns": source.schema.json,
            "computed": .array(source.computed.map { .string($0.expression.canonicalText) }),
            "event_time": .string(source.eventTime),
            "zone": .optional(source.zone),
            "partition": .string(options.partition.rawValue),
            "nulls": .array(options.csv.nullTexts.map(JSONValue.string)),
            "max_bad": .count(options.maxBadRows),
            "inputs": .array(inputs.map { $0["sha256"] ?? .null }),
        ])
        identity = hexadecimal(SHA256.hash(Array(decisive.line.utf8)))
        self.inputs = inputs
        self.source = source
        partition = options.partition
    }

    /// The manifest's text.
    func document(parts: [PartitionedWriter.Part], badRows: Int) -> String {
        JSONValue.object([
            "identity": .string(identity),
            "source": .string(source.name),
            "partition": .string(partition.rawValue),
            "columns": source.schema.json,
            "rows": .count(parts.reduce(0) { $0 + $1.rows }),
            "bad_rows": .count(badRows),
            "inputs": .array(inputs),
            "files": .array(
                parts.map {
                    .object([
                        "path": .string($0.path), "rows": .count($0.rows),
                        "bytes": .count($0.bytes),
                    ])
                }),
        ]).document
    }

    /// Whether the folder `target` holds what this import would write.
    func isFulfilled(in target: String) throws(JobError) -> Bool {
        guard let manifest = try Self.read(in: target) else { return false }
        return manifest["identity"]?.text == identity
            && (manifest["files"]?.elements ?? []).allSatisfy { file in
                let path = Path.join(target, file["path"]?.text ?? "")
                return FileSystem.size(of: path).map { Int64($0) } == file["bytes"]?.integer
            }
    }

    /// The manifest in the folder `target`, or nil when there is none that can be read.
    static func read(in target: String) throws(JobError) -> JSONValue? {
        let path = Path.join(target, name)
        guard FileSystem.kind(of: path) == .file else { return nil }
        return JSONValue(parsing: try FileSystem.text(of: path))
    }
}

extension Schema {
    /// Names and types, in order.
    var json: JSONValue {
        .array(
            fields.map {
                .object(["name": .string($0.name), "type": .string($0.type.description)])
            })
    }
}

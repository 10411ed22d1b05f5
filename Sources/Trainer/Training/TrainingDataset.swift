import Jobs
import Parquet
import Planning

/// A data set that fits a pipeline: its file, and what its manifest says about it.
struct TrainingDataset {
    let file: ParquetFile
    /// What decides the data set.
    let identity: String

    /// Opens the data set at `path` and checks that `roost dataset` wrote it for `pipeline`'s
    /// service as it is defined.
    ///
    /// - Throws: `usage` for a file without a manifest, of other features or of another spine.
    init(path: String, pipeline: PipelinePlan) throws {
        let manifestPath = path + ".manifest.json"
        guard FileSystem.kind(of: path) == .file, FileSystem.kind(of: manifestPath) == .file else {
            throw TrainerError(
                .usage, "there is no data set with a manifest at \(path)",
                hint: "leave --dataset out, or build it with 'roost dataset'")
        }
        let text = try FileSystem.text(of: manifestPath)
        guard let manifest = JSONValue(parsing: text), let identity = manifest["identity"]?.text
        else { throw TrainerError(.corrupt, "\(manifestPath) is no manifest of a data set") }
        guard FileSystem.size(of: path).map(Int64.init) == manifest["bytes"]?.integer else {
            throw TrainerError(
                .corrupt, "\(path) is not the file that its manifest describes",
                hint: "build it again with 'roost dataset --force'")
        }
        self.identity = identity
        file = try ParquetFile(path: path)
        try check(manifest, path, pipeline)
    }

    private func check(
        _ manifest: JSONValue, _ path: String, _ pipeline: PipelinePlan
    ) throws(TrainerError) {
        let remedy = "build it again with 'roost dataset', or leave --dataset out"
        guard manifest["options"]?["short"] != .bool(true) else {
            throw TrainerError(
                .usage, "\(path) has short names, which do not tell where a feature is from",
                hint: "build it without --short")
        }
        guard manifest["options"]?["time"]?.text == pipeline.spine.time else {
            throw TrainerError(
                .usage, "\(path) was not asked at '\(pipeline.spine.time)'", hint: remedy)
        }
        let built = manifest["features"]?.elements ?? []
        for (position, feature) in pipeline.service.pinnedFeatures.enumerated() {
            let found = built.indices.contains(position) ? built[position] : .null
            guard found["column"]?.text == feature.column,
                found["digest"]?.text == feature.digest
            else {
                throw TrainerError(
                    .mismatch, "\(path) was built of other features: '\(feature.column)' differs",
                    hint: remedy)
            }
        }
    }
}

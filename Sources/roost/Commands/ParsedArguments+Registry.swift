import Arguments
import DefinitionFiles
import Jobs
import Planning
import Registry
import Trainer

// What commands take from the registry and leave in it. A project whose definitions were never
// applied has none, and none is made for it.

extension ParsedArguments {
    /// The project as it was applied; a word on standard error when the files differ from that.
    func appliedProject(_ console: Console) throws -> Project {
        let registry = try profile().openExistingRegistry()
        let project = try Project(folder: projectFolder, appliedIn: registry)
        if let difference = try registry.flatMap({ try project.divergenceOfFiles(from: $0) }) {
            console.complain(
                "note: the definition files differ from what is applied (\(difference)); this "
                    + "works from what is applied, 'roost apply' changes that")
        }
        return project
    }

    /// Where the batch rows of the project are.
    func sourcePlaces() throws -> SourcePlaces {
        SourcePlaces(folder: projectFolder, databases: try profile().databases)
    }

    /// Records a data set that was written.
    func record(_ report: DatasetReport, of service: ServicePlan) throws {
        guard let registry = try profile().openExistingRegistry(),
            let identity = RecordIdentity(parsing: report.identity)
        else { return }
        try registry.record(
            DataSetRecord(
                identity: identity, path: report.output, service: service.name,
                serviceIdentity: service.identity, rows: report.rows, writtenAt: Machine.now))
    }

    /// Registers a model that was packed up, so that nobody changes its features unawares.
    func record(_ package: ModelPackage, at path: String) throws {
        guard let registry = try profile().openExistingRegistry(),
            let identity = RecordIdentity(parsing: package.digest),
            let service = FeatureDigest(parsing: package.serviceIdentity)
        else { return }
        try registry.register(
            ModelRecord(
                package: identity, name: package.pipeline, path: path, service: package.service,
                serviceIdentity: service,
                digests: package.features.compactMap { FeatureDigest(parsing: $0.digest) },
                dataSet: package.document["dataset_identity"]?.text.flatMap {
                    RecordIdentity(parsing: $0)
                }, metrics: package.testMetrics, registeredAt: Machine.now))
    }
}

extension FeatureDigest {
    fileprivate init?(parsing text: String) {
        guard let identity = RecordIdentity(parsing: text) else { return nil }
        self.init(bytes: identity.bytes)
    }
}

extension ModelPackage {
    /// The numbers of the evaluation on the test rows, as `test.auc`.
    fileprivate var testMetrics: [String: Double] {
        guard case .object(let members)? = document["metrics"]?["test"] else { return [:] }
        var metrics: [String: Double] = [:]
        for member in members {
            switch member.value {
            case .double(let number): metrics["test.\(member.name)"] = number
            case .integer(let number): metrics["test.\(member.name)"] = Double(number)
            default: break
            }
        }
        return metrics
    }
}

public import Jobs
public import Planning
import Values

/// A trained model with everything that decides what its predictions mean.
///
/// A package is a folder named by the SHA-256 of its `model.json`, which holds the SHA-256 of
/// every other file: whoever knows the name can check the whole. It pins the digests of the
/// features that the model was trained on, so that it is never asked about others.
public struct ModelPackage: Sendable {
    /// What one feature was when the model was trained.
    public struct PinnedFeature: Hashable, Sendable {
        /// The column in the service's answer.
        public let column: String
        /// The feature's identity.
        public let digest: String
        /// The request columns that say for whom it is asked; empty for derived features.
        public let roles: [String]
    }

    /// SHA-256 of `model.json`, in hexadecimal digits.
    public let digest: String
    /// What `model.json` says.
    public let document: JSONValue
    /// The model in XGBoost's binary form.
    public let model: [UInt8]
    /// The training pipeline's name.
    public let pipeline: String
    /// The service's name.
    public let service: String
    /// The identity of the service as a whole.
    public let serviceIdentity: String
    /// The service's features and derived features, in its order.
    public let features: [PinnedFeature]
    /// The columns that the model sees, in its order.
    public let inputs: [ModelInput]

    static let documentName = "model.json"
    static let modelName = "model.ubj"
    /// Changes when the same words mean something else.
    static let format: Int64 = 1

    /// Reads the package in the folder at `path` and checks every digest.
    ///
    /// - Throws: `corrupt` for a file that is missing, damaged or changed.
    public init(path: String) throws {
        let text = try Self.bytes(Self.documentName, in: path)
        digest = hexadecimal(SHA256.hash(text))
        guard digest == Path.name(of: path) else {
            throw TrainerError(
                .corrupt, "\(path)/\(Self.documentName) was changed: its digest is \(digest)",
                hint: "train the model again, or bring back the file")
        }
        guard let document = JSONValue(parsing: String(decoding: text, as: UTF8.self)) else {
            throw TrainerError(.corrupt, "\(path)/\(Self.documentName) is no JSON")
        }
        guard document["format"]?.integer == Self.format else {
            throw TrainerError(
                .unsupported, "\(path) has a format that this version does not read",
                hint: "train the model again")
        }
        let model = try Self.bytes(Self.modelName, in: path)
        guard
            document["files"]?[Self.modelName]?["sha256"]?.text
                == hexadecimal(SHA256.hash(model))
        else {
            throw TrainerError(
                .corrupt,
                "\(path)/\(Self.modelName) is damaged: its digest is not the one of "
                    + Self.documentName, hint: "train the model again, or bring back the file")
        }
        guard let pipeline = document["pipeline"]?.text, let service = document["service"]?.text,
            let identity = document["service_identity"]?.text,
            let features = Self.features(document), let inputs = Self.inputs(document)
        else { throw TrainerError(.corrupt, "\(path)/\(Self.documentName) lacks a part") }
        self.document = document
        self.model = model
        self.pipeline = pipeline
        self.service = service
        serviceIdentity = identity
        self.features = features
        self.inputs = inputs
    }

    private static func bytes(_ name: String, in path: String) throws -> [UInt8] {
        let file = Path.join(path, name)
        guard FileSystem.kind(of: file) == .file else {
            throw TrainerError(
                .corrupt, "the model package has no file \(file)",
                hint: "train the model again, or bring back the file")
        }
        return try FileSystem.bytes(of: file)
    }

    private static func features(_ document: JSONValue) -> [PinnedFeature]? {
        var features: [PinnedFeature] = []
        for element in document["features"]?.elements ?? [] {
            guard let column = element["column"]?.text, let digest = element["digest"]?.text else {
                return nil
            }
            features.append(
                PinnedFeature(
                    column: column, digest: digest,
                    roles: (element["for"]?.elements ?? []).compactMap(\.text)))
        }
        return features
    }

    private static func inputs(_ document: JSONValue) -> [ModelInput]? {
        var inputs: [ModelInput] = []
        for element in document["inputs"]?.elements ?? [] {
            guard let name = element["column"]?.text,
                let type = element["type"]?.text.flatMap({ DataType(parsing: $0) }),
                let origin = element["origin"]?.text.flatMap(ModelInput.Origin.init)
            else { return nil }
            inputs.append(
                ModelInput(
                    field: Field(name: name, type: type), origin: origin,
                    isHistoric: element["historic"] == .bool(true)))
        }
        return inputs.isEmpty ? nil : inputs
    }
}

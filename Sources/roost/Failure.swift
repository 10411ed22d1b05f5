import Arguments
import Jobs
import Kafka
import Lake
import Lookup
import Parquet
import PointInTime
import Records
import Registry
import Server
import Stores
import Streams
import TLS
import Trainer
import Values

/// Any error, as people and programs are told about it.
struct Failure {
    let code: JobError.Code
    let message: String
    let hint: String?
    private let definitions: DefinitionError?
    private let quality: QualityReport?

    var exitCode: Int32 { code.exitCode }

    init(_ error: any Error) {
        var code = JobError.Code.failure
        var hint: String?
        var definitions: DefinitionError?
        var quality: QualityReport?
        switch error {
        case let error as ArgumentError:
            (code, message, hint) = (.usage, error.message, error.hint)
        case let error as JobError:
            (code, message, hint) = (error.code, error.message, error.hint)
        case let error as QualityError:
            (message, code, quality) = (error.message, .dataQuality, error.report)
            hint = "mend the rows, or change what 'expect:' says of them; nothing was written"
        case let error as DefinitionError:
            let count = error.diagnostics.sorted.count
            (code, message) = (.usage, "\(count) \(count == 1 ? "error" : "errors") in definitions")
            definitions = error
        case let error as ParquetError:
            message = error.message
            if error.code == .missingColumn || error.code == .notParquet { code = .usage }
            if error.code == .noRoom { code = .tryAgain }
        case let error as PointInTimeError:
            message = error.message
            code = error.code == .tooManyRows ? .usage : .dataQuality
        case let error as LakeError:
            (message, hint, code) = (error.message, error.hint, Self.code(of: error))
        case let error as RegistryError:
            (message, hint, code) = (error.message, error.hint, Self.code(of: error))
        case let error as ServerError:
            message = error.message
            if error.code != .system { code = .usage }
        case let error as KafkaError:
            (message, hint) = (error.message, error.hint)
            if error.isRetriable { code = .tryAgain }
            if error.code == .badSetting { code = .usage }
        case let error as StreamError:
            (message, hint) = (error.message, error.hint)
            if error.code == .notStreamed || error.code == .notMaterialized { code = .usage }
        case let error as RecordError:
            (message, hint, code) = (error.message, error.hint, .dataQuality)
        case let error as TLSError:
            (message, hint) = (error.message, error.hint)
            if error.code == .badFile { code = .usage }
        case let error as TrainerError:
            (message, hint) = (error.message, error.hint)
            if error.code == .usage || error.code == .mismatch { code = .usage }
            if error.code == .dataQuality { code = .dataQuality }
        case let error as StoreError:
            (message, hint) = (error.message, error.hint)
            code = Self.code(of: error)
        case let error as LookupError:
            (message, hint) = (error.message, error.hint)
            code = error.code == .store ? .failure : .usage
        default:
            message = "\(error)"
        }
        (self.code, self.hint, self.definitions) = (code, hint, definitions)
        self.quality = quality
    }

    private static func code(of error: StoreError) -> JobError.Code {
        if error.isRetriable { return .tryAgain }
        let settings: [StoreError.Code] = [
            .missing, .denied, .unsafeSetup, .schema, .overlap, .misuse,
        ]
        return settings.contains(error.code) ? .usage : .failure
    }

    private static func code(of error: LakeError) -> JobError.Code {
        if error.isRetriable { return .tryAgain }
        return error.code == .corrupt ? .failure : .usage
    }

    private static func code(of error: RegistryError) -> JobError.Code {
        if error.isRetriable { return .tryAgain }
        return error.code == .corrupt ? .failure : .usage
    }

    /// What a client of the server is told.
    var serviceError: ServiceError {
        let text = hint.map { "\(message); \($0)" } ?? message
        switch code {
        case .tryAgain: return ServiceError(.unavailable, text)
        case .usage: return ServiceError(.badRequest, text)
        case .dataQuality: return ServiceError(.conflict, text)
        default: return ServiceError(.fault, text)
        }
    }

    /// Says on standard error what is wrong, where, and what to do.
    func tell(_ console: Console) {
        if let definitions {
            return console.complain(definitions.diagnostics.rendered(from: definitions.texts))
        }
        for line in quality?.lines ?? [] { console.complain(line) }
        let isDone = code == .nothingToDo
        console.complain(
            isDone ? "nothing to do: \(message)" : "\(console.alarming("error:")) \(message)")
        if let hint { console.complain("  hint: \(hint)") }
    }

    /// The same for programs.
    func json(command: String) -> JSONValue {
        let diagnostics = definitions?.diagnostics.sorted.map { diagnostic in
            JSONValue.object([
                "file": .string(diagnostic.location.file),
                "line": .count(diagnostic.location.line),
                "column": .count(diagnostic.location.column),
                "message": .string(diagnostic.message),
                "hint": .optional(diagnostic.hint),
            ])
        }
        let failure = JSONValue.object([
            "command": .string(command),
            "status": .string(code == .nothingToDo ? "nothing_to_do" : "error"),
            "exit": .integer(Int64(exitCode)),
            "code": .string(code.name),
            "message": .string(message),
            "hint": .optional(hint),
            "diagnostics": .array(diagnostics ?? []),
        ])
        guard let quality, case .object(let members) = failure else { return failure }
        return .object(members + [JSONMember(name: "quality", value: quality.json)])
    }
}

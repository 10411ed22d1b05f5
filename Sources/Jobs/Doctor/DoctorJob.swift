import DefinitionFiles
import Lake
import Parquet
import Planning
import PostgresLog
import Registry
import States
import Stores
public import Values

// Looking after a project: every part is looked at on its own, so that one that is down is a line
// and not the end. Nothing is changed but a key in Redis that expires after a second.

/// Looks at everything that a project relies on.
public struct DoctorJob: Sendable {
    private let folder: String
    private let profileName: String?
    private let now: EventTime

    /// Prepares to look at the project in `folder`.
    ///
    /// - Parameters:
    ///   - folder: the project folder.
    ///   - profile: the profile of roost.yaml; nil = `embedded`.
    ///   - now: the clock's time.
    public init(folder: String, profile: String?, now: EventTime) {
        self.folder = folder
        profileName = profile
        self.now = now
    }

    /// Looks at everything; `describe` puts errors into words, with what to do.
    public func run(describe: @escaping (any Error) -> (message: String, hint: String?))
        -> DoctorReport
    {
        var examination = Examination(folder: folder, now: now, describe: describe)
        examination.files()
        let opened = examination.trying("roost.yaml") {
            try Project.profile(named: profileName, folder: folder)
        }
        guard let profile = opened else { return examination.report }
        examination.report.add("roost.yaml", .ok, "the profile is '\(profile.name)'")
        examination.registry(of: profile)
        examination.report.add("online store", profile.onlineFindings)
        examination.report.add("offline store", profile.offlineFindings)
        examination.sources()
        examination.topics(in: profile)
        examination.views(in: profile)
        examination.logs(in: profile)
        examination.models()
        return examination.report
    }
}

extension Profile {
    fileprivate var onlineFindings: [StoreFinding] {
        switch online {
        case .lmdb(let path, let size):
            LMDBOnlineStore.findings(path: path, greatestSize: size)
        case .redis(let address): RedisOnlineStore.findings(parsing: address)
        }
    }

    fileprivate var offlineFindings: [StoreFinding] {
        switch offline {
        case .lake(let path): Lake(folder: path).findings()
        case .postgres(let address): PostgresOfflineStore.findings(address)
        }
    }
}

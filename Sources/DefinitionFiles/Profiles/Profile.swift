/// Where a project's stores are: one of the profiles of `roost.yaml`, its `${NAME}`s expanded.
public struct Profile: Hashable, Sendable {
    /// The profile that is used unless another one is named.
    public static let defaultName = "embedded"
    /// The file, inside the project folder.
    public static let fileName = "roost.yaml"

    /// The profile's name.
    public var name: String
    /// Where features are served from.
    public var online: OnlineLocation
    /// Where rows are kept.
    public var offline: OfflineLocation
    /// Where history is kept.
    public var registry: RegistryLocation
    /// The PostgreSQL databases that sources are read from: addresses by name.
    public var databases: [String: String] = [:]
    /// The brokers of the topics of streams; nil when none are said.
    public var kafka: KafkaLocation?

    /// Puts a profile together.
    public init(
        name: String, online: OnlineLocation, offline: OfflineLocation, registry: RegistryLocation
    ) {
        self.name = name
        self.online = online
        self.offline = offline
        self.registry = registry
    }

    /// What holds where nothing is written: everything inside the project folder, no server.
    public static let embedded = Profile(
        name: defaultName, online: .lmdb(path: ".roost/online"),
        offline: .lake(path: ".roost/lake"), registry: .sqlite(path: ".roost/registry.db"))
}

/// Where features are served from.
public enum OnlineLocation: Hashable, Sendable {
    /// An LMDB folder, and how many bytes it may get if that is said: `lmdb:PATH?size=64GiB`.
    case lmdb(path: String, greatestSize: Int? = nil)
    /// A Redis server or cluster: `redis://HOST:PORT/DATABASE` or `unix:///PATH`.
    case redis(address: String)
}

/// Where rows are kept.
public enum OfflineLocation: Hashable, Sendable {
    /// A folder of Parquet files: `lake:PATH`.
    case lake(path: String)
    /// A PostgreSQL database: `postgres://USER@HOST:PORT/DATABASE`.
    case postgres(address: String)
}

/// Where history is kept.
public enum RegistryLocation: Hashable, Sendable {
    /// An SQLite file: `sqlite:PATH`.
    case sqlite(path: String)
    /// A PostgreSQL database: `postgres://USER@HOST:PORT/DATABASE`.
    case postgres(address: String)
}

extension Profile {
    /// The same with every path mapped, for example to one below the project folder.
    public func mappingPaths(_ change: (String) -> String) -> Profile {
        var profile = self
        if case .lmdb(let path, let size) = online {
            profile.online = .lmdb(path: change(path), greatestSize: size)
        }
        if case .lake(let path) = offline { profile.offline = .lake(path: change(path)) }
        if case .sqlite(let path) = registry { profile.registry = .sqlite(path: change(path)) }
        return profile
    }
}

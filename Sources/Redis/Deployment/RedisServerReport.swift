/// What a server says of itself, as far as it decides whether data is safe there.
public struct RedisServerReport: Hashable, Sendable {
    /// Such as `7.0.15`.
    public var version = ""
    /// `master` or `slave`.
    public var role = ""
    /// What is thrown away when memory is full: must be `noeviction`.
    public var evictionPolicy = ""
    /// Whether a log of changes is written.
    public var keepsLog = false
    /// Whether it is one of a cluster.
    public var isClusterMember = false
    /// Bytes in use.
    public var usedMemory = 0
    /// The limit of memory; 0 for none.
    public var greatestMemory = 0
    /// The server's clock, microseconds since the Unix epoch.
    public var clock: Int64 = 0

    /// The oldest version that is known to do: 6.2.
    public static let oldestVersion = (6, 2)
    /// How far the clocks of the server and of this machine may differ.
    public static let greatestClockSkew: Duration = .seconds(5)
}

extension RedisServerReport {
    /// Asks a server.
    public init(asking connection: RedisConnection) throws(RedisError) {
        var commands = RedisCommands()
        commands.append("INFO")
        commands.append("TIME")
        let replies = try connection.run(commands)
        let text = String(decoding: try replies[0].optionalBytes() ?? [], as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { take(String(parts[0]), String(parts[1])) }
        }
        var time: [Int64] = []
        for part in try replies[1].elements(2) {
            time.append(Int64(String(decoding: try part.optionalBytes() ?? [], as: UTF8.self)) ?? 0)
        }
        clock = time[0] &* 1_000_000 &+ time[1]
    }

    private mutating func take(_ name: String, _ value: String) {
        switch name {
        case "redis_version": version = value
        case "role": role = value
        case "maxmemory_policy": evictionPolicy = value
        case "aof_enabled": keepsLog = value == "1"
        case "redis_mode": isClusterMember = value == "cluster"
        case "used_memory": usedMemory = Int(value) ?? 0
        case "maxmemory": greatestMemory = Int(value) ?? 0
        default: break
        }
    }

    /// Everything that speaks against keeping features there.
    ///
    /// - Parameters:
    ///   - now: this machine's clock, microseconds since the Unix epoch.
    ///   - isWriting: whether only a master will do.
    /// - Returns: one error for each, with its remedy; empty when all is well.
    public func objections(now: Int64, isWriting: Bool) -> [RedisError] {
        var objections: [RedisError] = []
        let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        if numbers.count < 2 || (numbers[0], numbers[1]) < Self.oldestVersion {
            objections.append(
                RedisError(
                    .unsafeSetup, "the version of Redis is '\(version)'",
                    hint: "use \(Self.oldestVersion.0).\(Self.oldestVersion.1) or a later one"))
        }
        if evictionPolicy != "noeviction" {
            objections.append(
                RedisError(
                    .unsafeSetup,
                    "Redis throws data away when its memory is full ('maxmemory-policy "
                        + "\(evictionPolicy)'): features would silently be missing",
                    hint: "run 'CONFIG SET maxmemory-policy noeviction' and write it to redis.conf")
            )
        }
        if isWriting, role != "master" {
            objections.append(
                RedisError(
                    .notReady, "this Redis is a read-only replica",
                    hint: "give the address of the master"))
        }
        let skew = Duration.microseconds(abs(now &- clock))
        if skew > Self.greatestClockSkew {
            objections.append(
                RedisError(
                    .unsafeSetup, "the clocks of Redis and of this machine differ by \(skew)",
                    hint: "let both follow NTP"))
        }
        return objections
    }
}

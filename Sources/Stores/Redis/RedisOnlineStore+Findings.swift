import Redis

extension RedisOnlineStore {
    /// A server that is fuller than this many percent is a warning.
    private static let greatestFill = 80
    /// The key that is written to see whether it may be; it expires by itself.
    private static let trial = Array("r1m:{0}:doctor".utf8)

    /// What there is to say of the servers at an address, that they cannot be reached included.
    public static func findings(parsing text: String) -> [StoreFinding] {
        var findings: [StoreFinding] = []
        do throws(RedisError) {
            let deployment = try RedisAddress(parsing: text).deployment()
            for server in try deployment.servers() {
                let report = try server.reading { connection throws(RedisError) in
                    try RedisServerReport(asking: connection)
                }
                findings += self.findings(report, of: "\(server.address)")
            }
            findings.append(try writing(deployment))
        } catch {
            findings.append(
                StoreFinding(.fail, error.message, remedy: error.hint ?? remedy(for: error)))
        }
        return findings
    }

    private static func findings(
        _ report: RedisServerReport, of name: String
    ) -> [StoreFinding] {
        var findings = report.objections(now: now(), isWriting: true).map { objection in
            StoreFinding(.fail, "\(name): \(objection.message)", remedy: objection.hint)
        }
        if findings.isEmpty {
            findings.append(
                StoreFinding(
                    .ok, "\(name) is Redis \(report.version), noeviction, clock in step"))
        }
        if !report.keepsLog {
            findings.append(
                StoreFinding(
                    .warn,
                    "\(name) writes no log of changes: its death loses what came after its "
                        + "last dump",
                    remedy: "set 'appendonly yes' in redis.conf and run "
                        + "'CONFIG SET appendonly yes', or be ready to materialize again"))
        }
        findings.append(memory(report, name))
        return findings
    }

    private static func memory(_ report: RedisServerReport, _ name: String) -> StoreFinding {
        let used = "\(name) uses \(report.usedMemory >> 20) MiB"
        guard report.greatestMemory > 0 else {
            return StoreFinding(
                .warn, "\(used), with no limit",
                remedy: "set maxmemory, so that it refuses writes before the system ends it")
        }
        let message = "\(used) of \(report.greatestMemory >> 20) MiB"
        if 100 * report.usedMemory / report.greatestMemory <= greatestFill {
            return StoreFinding(.ok, message)
        }
        return StoreFinding(
            .warn, message,
            remedy: "a new generation stands beside the live one: raise maxmemory")
    }

    /// Whether this user may write, which only writing shows.
    private static func writing(
        _ deployment: any RedisDeployment
    ) throws(RedisError) -> StoreFinding {
        try deployment.withServer(of: trial) { connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append("SET", [trial, Array("1".utf8), Array("PX".utf8), Array("1000".utf8)])
            commands.append("UNLINK", [trial])
            let start = ContinuousClock.now
            let replies = try connection.run(commands)
            let time = ContinuousClock.now - start
            for reply in replies { _ = try reply.checked() }
            let microseconds = time / .microseconds(1)
            return StoreFinding(
                .ok, "this user may write; an answer takes \(Int(microseconds)) us")
        }
    }

    private static func remedy(for error: RedisError) -> String? {
        error.code == .refused
            ? "let the user of the address run what 'ACL SETUSER NAME ~r1* +@all -@admin "
                + "-@dangerous +info +scan' allows" : nil
    }
}

import Glibc
import Postgres
public import Stores

extension PostgresOfflineStore {
    /// The oldest version that is known to do.
    private static let oldestVersion = 12
    private static let greatestSkewSeconds = 5.0

    /// What there is to say of the database at an address, that it cannot be reached included.
    public static func findings(_ address: String) -> [StoreFinding] {
        var findings: [StoreFinding] = []
        do throws(PostgresError) {
            let connection = try PGConnection(address)
            findings += try server(connection)
            findings += try settings(connection)
            findings.append(try clock(connection))
            findings.append(contentsOf: try rights(connection))
            findings += try tables(connection)
        } catch {
            findings.append(StoreFinding(.fail, error.message, remedy: error.hint))
        }
        return findings
    }

    private static func server(
        _ connection: PGConnection
    ) throws(PostgresError) -> [StoreFinding] {
        let version = try connection.run("SHOW server_version").first?.first.flatMap { $0 } ?? ""
        let number = Int(version.prefix { $0.isNumber }) ?? 0
        var findings: [StoreFinding] = []
        if number < oldestVersion {
            findings.append(
                StoreFinding(
                    .fail, "\(connection.place) is PostgreSQL \(version)",
                    remedy: "use \(oldestVersion) or a later one"))
        } else {
            findings.append(StoreFinding(.ok, "\(connection.place) is PostgreSQL \(version)"))
        }
        if try connection.run("SELECT pg_is_in_recovery()") == [["t"]] {
            findings.append(
                StoreFinding(
                    .fail, "it is a standby, which cannot be written",
                    remedy: "give the address of the primary"))
        }
        return findings
    }

    /// A setting that data relies on.
    private struct Setting {
        let name: String
        let value: String
        let harm: String
        let verdict: StoreFinding.Verdict
    }

    private static let wanted = [
        Setting(
            name: "fsync", value: "on", harm: "a crash of the machine can damage everything",
            verdict: .fail),
        Setting(
            name: "full_page_writes", value: "on", harm: "a crash of the machine can damage pages",
            verdict: .fail),
        Setting(
            name: "synchronous_commit", value: "on", harm: "a crash loses the last appends",
            verdict: .warn),
        Setting(
            name: "server_encoding", value: "UTF8", harm: "texts that it does not know are refused",
            verdict: .fail),
        Setting(
            name: "default_transaction_read_only", value: "off", harm: "nothing can be appended",
            verdict: .fail),
    ]

    private static func settings(
        _ connection: PGConnection
    ) throws(PostgresError) -> [StoreFinding] {
        var findings: [StoreFinding] = []
        for setting in wanted {
            let value = try connection.run("SELECT current_setting($1)", [setting.name])[0][0] ?? ""
            if value == setting.value { continue }
            // Stronger ways of waiting are as good.
            if setting.name == "synchronous_commit", value.hasPrefix("remote") { continue }
            findings.append(
                StoreFinding(
                    setting.verdict, "\(setting.name) is \(value): \(setting.harm)",
                    remedy: "set \(setting.name) to \(setting.value)"))
        }
        if findings.isEmpty { findings.append(StoreFinding(.ok, "its settings keep data safe")) }
        return findings
    }

    private static func clock(_ connection: PGConnection) throws(PostgresError) -> StoreFinding {
        let text = try connection.run(
            "SELECT extract(epoch FROM clock_timestamp())::double precision")[0][0]
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        let here = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        let skew = (text.flatMap { Double($0) } ?? here) - here
        let message = "its clock and this machine's differ by \(Int((skew.magnitude * 1000))) ms"
        return skew.magnitude <= greatestSkewSeconds
            ? StoreFinding(.ok, message)
            : StoreFinding(.warn, message, remedy: "let both follow NTP")
    }

    private static func rights(
        _ connection: PGConnection
    ) throws(PostgresError) -> [StoreFinding] {
        let row = try connection.run(
            """
            SELECT has_database_privilege(current_database(), 'CREATE'), rolsuper,
                (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace
                    WHERE nspname = 'roost'), rolname
            FROM pg_roles WHERE rolname = current_user
            """)[0]
        var findings: [StoreFinding] = []
        // The schema counts when it is there, else the database that it would be made in.
        if (row[2] ?? row[0]) == "t" {
            findings.append(StoreFinding(.ok, "the role '\(row[3] ?? "")' may make tables"))
        } else {
            findings.append(
                StoreFinding(
                    .fail, "the role '\(row[3] ?? "")' may not make tables in the schema roost",
                    remedy: "let it own the schema, or GRANT CREATE on the database to it"))
        }
        if row[1] == "t" {
            findings.append(
                StoreFinding(
                    .warn, "the role is a superuser",
                    remedy: "make a role that owns this database and nothing else"))
        }
        return findings
    }

    private static func tables(
        _ connection: PGConnection
    ) throws(PostgresError) -> [StoreFinding] {
        let version = try PGMigrations.offlineStore.version(connection)
        guard version > 0 else {
            return [StoreFinding(.ok, "its tables are made by the first command that needs them")]
        }
        if version > PGMigrations.offlineStore.newest {
            return [
                StoreFinding(
                    .fail,
                    "its tables are of version \(version), this release knows "
                        + "\(PGMigrations.offlineStore.newest)", remedy: "use the newer release")
            ]
        }
        var findings: [StoreFinding] = []
        let sources = try LogTable.sources(on: connection)
        for source in sources {
            let table = LogTable(source: source)
            _ = try LogCommit.read(table, on: connection)
            findings += try stream(of: table, connection)
            let astray = try connection.run(
                "SELECT EXISTS (SELECT FROM \(table.name(of: "default")))")
            if astray == [["t"]] {
                findings.append(
                    StoreFinding(
                        .warn, "the default partition of \(table.name) has rows",
                        remedy: "a partition was dropped or detached by another program, or a role "
                            + "that may not make one wrote a stream; see docs/stores.md"))
            }
        }
        return findings + [
            StoreFinding(
                .ok, "its tables are of version \(version), with \(sources.count) event logs")
        ]
    }

    /// What there is to say of a source's stream: its pieces are where its checkpoints say.
    private static func stream(
        of table: LogTable, _ connection: PGConnection
    ) throws(PostgresError) -> [StoreFinding] {
        guard try LogStream.read(table, on: connection) != nil else { return [] }
        var findings: [StoreFinding] = []
        let astray = try connection.run(
            """
            SELECT bound.partition FROM (SELECT partition, max(end_chunk) AS chunks,
                max(to_offset) AS next FROM roost.event_step WHERE source = $1 GROUP BY 1) AS bound
            LEFT JOIN roost.event_checkpoint AS there
                ON there.source = $1 AND there.partition = bound.partition
            WHERE there.next IS NULL OR there.next < bound.next OR there.chunks <> bound.chunks
            """, [table.source]
        ).compactMap { $0[0] }
        if !astray.isEmpty {
            findings.append(
                StoreFinding(
                    .fail,
                    "\(table.name) has other rows than the checkpoints of its stream say, in "
                        + "partition \(astray.joined(separator: ", "))",
                    remedy: "tables were changed by another program; restore them from a backup"))
        }
        let letters = try connection.run(
            "SELECT count(*) FROM roost.event_dead_letter WHERE source = $1", [table.source])
        if let count = letters[0][0], count != "0" {
            findings.append(
                StoreFinding(
                    .warn, "the stream of \(table.source) had \(count) records that are no rows",
                    remedy: "roost.event_dead_letter says why; delete what is settled"))
        }
        return findings
    }
}

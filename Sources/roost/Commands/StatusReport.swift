import Jobs
import Planning
import Registry
import States
import Stores
import Values

/// What is live, as people and programs are told about it.
struct StatusReport {
    struct View {
        let name: String
        let generation: Generation?
        /// Whether the generation is of the applied definitions.
        let isCurrent: Bool
        let bytes: Int?
        let lastInterval: IntervalRecord?
        let behind: EventDuration?
        /// nil when it is not materialized.
        let freshness: Freshness?
        /// The log that its rows are in.
        let log: Log
    }

    struct Log {
        let source: String
        let state: any EventLogState
    }

    private let views: [View]
    private let logs: [Log]
    private let aliases: [AliasMove]
    private let applied: ApplyRecord?

    init(
        project: Project, online: (any OnlineStore)?, offline: any OfflineStore,
        registry: any RegistryStore, now: EventTime
    ) throws {
        let logs = try project.plan.sources.map { source in
            Log(
                source: source.name, state: try offline.eventLog(of: source.name).state(at: .newest)
            )
        }
        self.logs = logs
        views = try project.plan.views.compactMap { view in
            guard let log = logs.first(where: { $0.source == view.source.name }) else { return nil }
            let live = try online?.liveGeneration(view: view.name)
            let known = try registry.generations(of: view.name).last { $0.state == .live }
            let isSame = known.map { $0.identity.bytes == live?.identity } ?? false
            return View(
                name: view.name, generation: live,
                isCurrent: live?.layout == StateLayout(view).identity,
                bytes: isSame ? known?.bytes : nil,
                lastInterval: try registry.intervals(of: view.name).last,
                behind: live.map {
                    EventDuration(microseconds: now.microseconds - $0.cut.microseconds)
                }, freshness: live.map { Freshness(of: view, cut: $0.cut, now: now) }, log: log)
        }
        aliases = try registry.aliases()
        applied = try registry.applyHistory().last
    }

    var lines: [String] {
        var lines: [String] = []
        if let applied {
            lines += ["apply \(applied.number) at \(applied.appliedAt): \(applied.summary)", ""]
        }
        var table = TextTable(
            header: [
                "view", "generation", "as of", "age", "schedule", "entities", "bytes",
                "offline rows", "last interval",
            ])
        for view in views {
            table.add([
                view.name,
                view.generation.map { "\($0.id)\(view.isCurrent ? "" : " (outdated)")" }
                    ?? "not materialized", view.generation?.cut.description ?? "",
                view.behind?.ageText ?? "", view.freshness?.text ?? "",
                view.generation?.entities.grouped ?? "", view.bytes?.byteText ?? "",
                view.log.rowCount.grouped, view.lastInterval?.text ?? "",
            ])
        }
        lines += table.lines + [""]
        var logTable = TextTable(header: ["event log", "complete to", "rows", "bytes", "version"])
        for log in logs where log.state.version > 0 {
            logTable.add([
                log.source, log.state.coveredTo?.description ?? "",
                log.rowCount.grouped, log.byteCount.byteText, "\(log.state.version)",
            ])
        }
        lines += logTable.lines
        if !aliases.isEmpty { lines += [""] }
        for move in aliases {
            lines.append(
                "\(move.alias) is the model \(move.package.description.prefix(12)) since "
                    + "\(move.movedAt)")
        }
        return lines
    }

    var members: [JSONMember] {
        [
            JSONMember(name: "apply", value: applied.map { .count($0.number) } ?? .null),
            JSONMember(name: "views", value: .array(views.map(\.json))),
            JSONMember(name: "event_logs", value: .array(logs.map(\.json))),
            JSONMember(
                name: "aliases",
                value: .object(
                    aliases.map {
                        JSONMember(name: $0.alias, value: .string($0.package.description))
                    })),
        ]
    }
}

extension StatusReport.View {
    fileprivate var json: JSONValue {
        .object([
            "view": .string(name),
            "generation": generation.map { .integer(Int64(clamping: $0.id)) } ?? .null,
            "current": .bool(isCurrent),
            "cut": .optional(generation?.cut.description),
            "age_seconds": behind.map { .double(Double($0.microseconds) / 1e6) } ?? .null,
            "entities": generation.map { .count($0.entities) } ?? .null,
            "bytes": bytes.map { .count($0) } ?? .null,
            "schedule": .optional(freshness?.name),
            "scheduled_cut": .optional(freshness?.wanted?.description),
            "offline_rows": .count(log.rowCount),
            "offline_bytes": .count(log.byteCount),
            "last_interval": .optional(lastInterval?.text),
        ])
    }
}

extension Freshness {
    fileprivate var text: String { wanted.map { "late, wants \($0)" } ?? name }

    fileprivate var name: String {
        switch self {
        case .unscheduled: "stream"
        case .onSchedule: "kept"
        case .late: "late"
        case .ahead: "ahead"
        }
    }

    /// The cut that the schedule wants, when the view is not as new as that.
    fileprivate var wanted: EventTime? {
        if case .late(let wanted) = self { wanted } else { nil }
    }
}

extension StatusReport.Log {
    fileprivate var rowCount: Int { state.intervals.reduce(0) { $0 + $1.rowCount } }
    fileprivate var byteCount: Int { state.intervals.reduce(0) { $0 + $1.byteCount } }

    fileprivate var json: JSONValue {
        .object([
            "source": .string(source), "version": .count(state.version),
            "complete_to": .optional(state.coveredTo?.description), "rows": .count(rowCount),
            "bytes": .count(byteCount),
        ])
    }
}

extension IntervalRecord {
    fileprivate var text: String { "\(interval.from) to \(interval.to), \(state.rawValue)" }
}

extension EventDuration {
    /// How long, in the largest unit that fits: `3.5 h`.
    fileprivate var ageText: String {
        let seconds = Double(microseconds) / 1e6
        for (unit, length) in [("d", 86_400.0), ("h", 3600.0), ("min", 60.0)]
        where abs(seconds) >= length {
            return "\((seconds / length).rounded(to: 1)) \(unit)"
        }
        return "\(seconds.rounded(to: 1)) s"
    }
}

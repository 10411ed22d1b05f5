public import Stores

/// What `roost forget` removed, or would remove, and what it cannot remove.
public struct ForgetReport: Sendable {
    /// Rows that were removed from an event log.
    public struct Log: Hashable, Sendable {
        /// The source.
        public let source: String
        /// The rows.
        public let removal: EventLogRemoval
    }

    /// A file of ours that had rows of the entity.
    public struct File: Hashable, Sendable {
        /// The file.
        public let path: String
        /// How many rows.
        public let rows: Int
    }

    /// Something that has rows of the entity, or was made of them, and that is not ours to change.
    public struct Remainder: Hashable, Sendable {
        /// What it is.
        public enum Kind: String, Hashable, Sendable {
            /// A file that a source is read from: materializing brings its rows back.
            case sourceFile = "source file"
            /// A table or query that a source is read from, likewise.
            case sourceTable = "source table"
            /// A file that a pipeline's spine is read from.
            case spineFile = "spine file"
            /// States of other entities that the rows were counted in.
            case view
            /// A data set that was written.
            case dataSet = "data set"
            /// A model that was trained on such a data set.
            case model
            /// A log of a source that no definition has any more.
            case eventLog = "event log"
            /// Rows set aside that the present definitions cannot read.
            case quarantine
        }

        /// What it is.
        public let kind: Kind
        /// Its path or name.
        public let name: String
        /// How many rows of the entity it has; nil where that cannot be seen.
        public let rows: Int?
        /// What to do about it.
        public let remedy: String
    }

    /// The entity.
    public let entity: String
    /// Whether everything stayed as it was.
    public let isDryRun: Bool
    /// The views whose online state of it was removed.
    public internal(set) var states: [String] = []
    /// The event logs that had rows of it.
    public internal(set) var logs: [Log] = []
    /// The files of rows set aside that had rows of it.
    public internal(set) var quarantine: [File] = []
    /// The columns, as `source.column`, whose profiles named it.
    public internal(set) var profiles: [String] = []
    /// What is left for people to do.
    public internal(set) var remainders: [Remainder] = []

    /// Whether nothing was there to remove.
    public var isEmpty: Bool {
        states.isEmpty && logs.isEmpty && quarantine.isEmpty && profiles.isEmpty
    }

    /// Starts without anything.
    init(entity: String, isDryRun: Bool) {
        self.entity = entity
        self.isDryRun = isDryRun
    }
}

extension ForgetReport {
    /// The report for programs.
    public var members: [JSONMember] {
        let removed = JSONValue.object([
            "states": .array(states.map(JSONValue.string)),
            "event_logs": .array(
                logs.map { log in
                    .object([
                        "source": .string(log.source), "rows": .count(log.removal.rows),
                        "replaced_rows": .count(log.removal.replacedRows),
                        "parts": .count(log.removal.parts),
                        "dead_letters": .count(log.removal.deadLetters),
                    ])
                }),
            "quarantine": .array(
                quarantine.map { .object(["path": .string($0.path), "rows": .count($0.rows)]) }),
            "profiles": .array(profiles.map(JSONValue.string)),
        ])
        return [
            JSONMember(name: "entity", value: .string(entity)),
            JSONMember(name: "dry_run", value: .bool(isDryRun)),
            JSONMember(name: "removed", value: removed),
            JSONMember(name: "remaining", value: .array(remainders.map(\.json))),
        ]
    }
}

extension ForgetReport.Remainder {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "name": .string(name),
            "rows": rows.map { .count($0) } ?? .null, "remedy": .string(remedy),
        ])
    }
}

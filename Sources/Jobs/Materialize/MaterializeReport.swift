public import PointInTime
public import Values

/// What became of a materialization.
public struct MaterializeReport: Sendable {
    /// What became of one view.
    public struct View: Hashable, Sendable {
        /// The view's name.
        public let view: String
        /// What it is true as of: the asked time, or the cut of a batch-refreshed view.
        public let cut: EventTime
        /// The number of the live generation.
        public let generation: UInt64
        /// How many entities it has.
        public let entities: Int
        /// Whether the store had it already.
        public let isUnchanged: Bool
        /// Rows that are known at the cut by what became of them; nothing when it is unchanged.
        public let rows: RowCounts
        /// Rows that become known later than the cut.
        public let notYetKnown: Int
        /// How many bytes the states take, without their keys.
        public let stateBytes: Int
        /// Whether it waits for the stream that feeds the view to catch up and publish it.
        public var isLeftToStream = false
    }

    /// What became of the event log of one source.
    public struct Source: Hashable, Sendable {
        /// The source's name.
        public let source: String
        /// Up to when the log has all rows since the beginning.
        public let completeTo: EventTime
        /// How many commits the log has.
        public let version: Int
        /// How many rows the log has.
        public let rows: Int
        /// How many bytes they take.
        public let bytes: Int
        /// How many rows were appended.
        public let appended: Int
        /// How many intervals took the place of those of other input.
        public let superseded: Int
        /// Whether the log had everything already.
        public let isUnchanged: Bool
    }

    /// One per view.
    public let views: [View]
    /// One per source of the views.
    public let sources: [Source]
    /// What became of expectations, for each source that was read and has some.
    public let quality: [QualityReport]

    /// Whether nothing had to be done.
    public var isUnchanged: Bool {
        views.allSatisfy(\.isUnchanged) && sources.allSatisfy(\.isUnchanged)
    }
}

extension MaterializeReport {
    /// The report for programs.
    public var members: [JSONMember] {
        [
            JSONMember(name: "views", value: .array(views.map(\.json))),
            JSONMember(name: "sources", value: .array(sources.map(\.json))),
            JSONMember(name: "quality", value: .array(quality.map(\.json))),
        ]
    }
}

extension MaterializeReport.View {
    fileprivate var json: JSONValue {
        .object([
            "view": .string(view),
            "cut": .string(cut.description),
            "generation": .integer(Int64(clamping: generation)),
            "entities": .count(entities),
            "unchanged": .bool(isUnchanged),
            "rows": .count(rows.total + notYetKnown),
            "used": .count(rows.used),
            "not_yet_known": .count(notYetKnown),
            "filtered": .count(rows.filtered),
            "rejected": .count(rows.rejected),
            "without_key": .count(rows.withoutKey),
            "state_bytes": .count(stateBytes),
            "left_to_stream": .bool(isLeftToStream),
        ])
    }
}

extension MaterializeReport.Source {
    fileprivate var json: JSONValue {
        .object([
            "source": .string(source),
            "complete_to": .string(completeTo.description),
            "version": .count(version),
            "rows": .count(rows),
            "bytes": .count(bytes),
            "appended": .count(appended),
            "superseded": .count(superseded),
            "unchanged": .bool(isUnchanged),
        ])
    }
}

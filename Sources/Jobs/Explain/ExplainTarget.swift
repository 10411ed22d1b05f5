import Expressions
public import Planning
import States
import Values

/// What reads a plan.
public enum ExplainTarget: String, CaseIterable, Sendable {
    /// `roost materialize`, and the rows of a training set.
    case batch
    /// The stream processors.
    case stream
    /// `roost get` and `roost serve`.
    case lookup
}

extension ViewPlan {
    /// What `target` does with the view, in sentences.
    public func explanation(for target: ExplainTarget) -> [String] {
        switch target {
        case .batch: batch
        case .stream: stream
        case .lookup: lookup
        }
    }

    private var batch: [String] {
        guard let place = source.parquetPath ?? source.postgresRows?.description else {
            return ["nothing: the source `\(source.name)` has no batch rows"]
        }
        var lines = ["read \(columns) of \(place)"]
        if !source.computed.isEmpty {
            lines.append("compute \(list(source.computed.map(\.name)))")
        }
        lines.append(admissionRule)
        if let filter { lines.append("drop rows unless \(filter.canonicalText)") }
        switch refresh {
        case .stream(let delay):
            lines.append("as of T: rows with event_time < T and \(known(delay)) <= T")
        case .every(let period, let delay):
            lines.append(
                "as of T: rows with event_time < c and known_at <= c, c being the last multiple "
                    + "of \(period) with c + \(delay) <= T")
        }
        switch features {
        case .latest: lines.append("keep the newest row of each \(entity)")
        case .aggregates: lines.append("fold each row into the series above, by \(entity)")
        }
        lines.append("write one state for each \(entity), then point the view to them at once")
        return lines
    }

    private var stream: [String] {
        guard case .stream = refresh else {
            return ["nothing: the view is refreshed from batch rows, \(schedule)"]
        }
        guard let stream = source.stream else {
            return ["nothing: the source `\(source.name)` has no `stream:`"]
        }
        var lines = ["read the topic `\(stream.topic)` as \(stream.format)"]
        let taken = stream.recordColumns.filter { source.schema.index(of: $0.name) != nil }
        if !taken.isEmpty {
            let parts = taken.map { "\($0.name) from its \($0.part)" }
            lines.append("take of each record \(list(parts))")
        }
        let own = keys.map(\.sourceColumn)
        let isKeyed = !stream.keyedBy.isEmpty && stream.keyedBy.allSatisfy(own.contains)
        let keyedBy = stream.keyedBy.isEmpty ? "nothing known" : list(stream.keyedBy)
        lines.append(
            isKeyed
                ? "all rows of one \(entity) are in one partition (keyed by \(keyedBy)): states "
                    + "stay in memory"
                : "rows of one \(entity) can be in any partition (keyed by \(keyedBy)): states "
                    + "are read before they are changed")
        if !source.computed.isEmpty {
            lines.append("compute \(list(source.computed.map(\.name)))")
        }
        lines.append(admissionRule)
        if let filter { lines.append("drop rows unless \(filter.canonicalText)") }
        switch features {
        case .latest: lines.append("replace the state of the \(entity) by newer rows")
        case .aggregates: lines.append("fold each row into the series above, by \(entity)")
        }
        lines.append("commit states and the position in the topic together")
        return lines
    }

    private var lookup: [String] {
        let keyTypes = keys.map { "\($0.name) \($0.type)" }
        var lines = ["read one state, by \(list(keyTypes))"]
        switch refresh {
        case .stream:
            lines.append(
                "answer as of the asking time t, or 1 us after the newest row if that lies ahead")
        case .every: lines.append("answer as of the last cut, \(schedule)")
        }
        switch features {
        case .latest: lines.append("the values of the newest row")
        case .aggregates:
            lines.append("merge for each window the tiles or rows that t sees, then finalise")
        }
        if let ttl { lines.append("older than \(ttl): null, OUTSIDE_MAX_AGE") }
        lines.append("no state, or all rows beyond every window: NOT_FOUND")
        return lines
    }

    private var columns: String {
        let names = source.schema.fields.map(\.name)
        return "\(names.count) column\(names.count == 1 ? "" : "s") (\(list(names)))"
    }

    private var admissionRule: String {
        let known = source.knownAt == nil ? "" : ", \(source.knownAt ?? "") not null"
        let late = admission.lateness.map { ", known at most \($0) late" } ?? ""
        return "admit rows with \(source.eventTime) not null\(known)\(late), at most "
            + "\(admission.maxAhead) ahead"
    }

    private func known(_ delay: EventDuration) -> String {
        delay == .zero ? "known_at" : "known_at + \(delay)"
    }

    private var schedule: String {
        guard case .every(let period, let delay) = refresh else { return "row by row" }
        return "every \(period), each from \(delay) after it on"
    }
}

extension ServicePlan {
    /// What `target` does with the service, in sentences.
    public func explanation(for target: ExplainTarget) -> [String] {
        switch target {
        case .batch:
            var lines = ["read the spine once, for the keys and times that it asks"]
            lines += lookups.map { "join \($0.view.name)\(roleText($0)) to each row's time" }
            return lines + derivedLines
                + ["write the spine's columns, then \(width) feature\(width == 1 ? "" : "s")"]
        case .stream: return ["see its views: \(list(viewNames))"]
        case .lookup:
            var lines = [
                "read \(lookups.count) state\(lookups.count == 1 ? "" : "s") at one moment of the store"
            ]
            lines += lookups.map { "answer \($0.view.name)\(roleText($0))" }
            return lines + derivedLines
        }
    }

    /// The names of its views, each once.
    var viewNames: [String] {
        var names: [String] = []
        for lookup in lookups where !names.contains(lookup.view.name) {
            names.append(lookup.view.name)
        }
        return names
    }

    private var width: Int { features.count + derived.count }

    private func roleText(_ lookup: Lookup) -> String {
        lookup.role.map { " for \($0)" } ?? ""
    }

    private var derivedLines: [String] {
        derived.isEmpty ? [] : ["compute \(list(derived.map(\.name)))"]
    }
}

private func list(_ names: [String]) -> String { names.joined(separator: ", ") }

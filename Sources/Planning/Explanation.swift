import Aggregates
package import Definitions
import Expressions
import Values

/// The compiled plan as text that a person can read: what `roost explain` prints.
public struct Explanation: Hashable, Sendable {
    /// The text, line by line.
    public private(set) var lines: [String] = []

    /// Explains a view.
    public init(_ view: ViewPlan) {
        describe(view)
    }

    /// Explains a service: its features, where each comes from, and the views behind them.
    public init(_ service: ServicePlan) {
        add("service \(service.name) of project \(service.project)")
        describe(service.annotations)
        if !service.request.isEmpty {
            let columns = service.request.map { "\($0.name) \($0.type)" }
            add("  request      \(columns.joined(separator: ", "))")
        }
        for lookup in service.lookups { describe(lookup) }
        add("  features")
        addTable(service.features.map { row(of: $0, in: service) } + derivedRows(of: service))
        var shown: Set<String> = []
        for lookup in service.lookups where shown.insert(lookup.view.name).inserted {
            add("")
            describe(lookup.view)
        }
    }

    /// The lines as one text.
    public var text: String { lines.joined(separator: "\n") }

    private mutating func add(_ line: String) { lines.append(line) }

    private mutating func addTable(_ rows: [[String]]) {
        lines += Self.table(rows)
    }

    /// Rows whose cells stand below each other, two blanks apart, indented.
    package static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.count > column ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }
            var line = "    " + cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

extension Explanation {
    private mutating func describe(_ annotations: Annotations) {
        annotations.lines.forEach { add($0) }
    }

    private mutating func describe(_ lookup: Lookup) {
        let keys = zip(lookup.view.keys, lookup.spineColumns)
            .map { "\($0.name) = \($1)" }.joined(separator: ", ")
        add("  lookup       \(lookup.view.name) (\(lookup.view.entity)) for \(keys)")
    }

    private func row(of feature: ServiceFeature, in service: ServicePlan) -> [String] {
        let lookup = service.lookups[feature.lookup]
        let origin = "\(lookup.view.name).\(lookup.view.features.names[feature.feature])"
        let role = lookup.role.map { " for \($0)" } ?? ""
        return [
            feature.column, feature.type.description, origin + role, feature.digest.short,
        ]
    }

    private func derivedRows(of service: ServicePlan) -> [[String]] {
        service.derived.map {
            [
                $0.name, $0.expression.type.description, $0.expression.canonicalText,
                $0.digest.short,
            ]
        }
    }

    private mutating func describe(_ view: ViewPlan) {
        add("view \(view.name) of entity \(view.entity)")
        describe(view.annotations)
        let keys = view.keys.map { key in
            let column = key.sourceColumn == key.name ? "" : " = \(key.sourceColumn)"
            return "\(key.name)\(column) \(key.type)"
        }
        add("  keys         \(keys.joined(separator: ", "))")
        describe(view.source)
        if let filter = view.filter { add("  where        \(filter.canonicalText)") }
        if !view.expectations.isEmpty {
            add("  expects")
            addTable(view.expectations.map { [$0.text, $0.consequence] })
        }
        add("  admission    \(view.admission.summary)")
        add("  refresh      \(view.refresh.summary)")
        if let ttl = view.ttl { add("  ttl          \(ttl)") }
        add("  features")
        switch view.features {
        case .latest(let features):
            addTable(
                features.map {
                    [
                        $0.name, $0.expression.type.description,
                        "latest \($0.expression.canonicalText)", $0.digest.short,
                    ]
                })
        case .aggregates(let features): addTable(features.map(\.cells))
        }
    }

    private mutating func describe(_ source: SourcePlan) {
        let place =
            switch source.batch {
            case .parquet(let path): " (parquet \(path))"
            case .postgres(let rows): " (postgres \(rows))"
            case nil: ""
            }
        add("  source       \(source.name)\(place)")
        let columns = source.schema.fields.map { "\($0.name) \($0.type)" }
        add("  reads        \(columns.joined(separator: ", "))")
        for column in source.computed {
            let type = column.expression.type
            add("  computes     \(column.name) \(type) = \(column.expression.canonicalText)")
        }
        let known = source.knownAt ?? "\(source.eventTime) (the event time)"
        add("  event time   \(source.eventTime), known at \(known)")
        if let completeTo = source.completeTo { add("  complete to  \(completeTo)") }
        if let zone = source.zone { add("  zone         \(zone)") }
    }
}

extension Annotations {
    /// What people are told, as lines of an explanation.
    package var lines: [String] {
        var lines: [String] = []
        if let summary { lines.append("  about        \(summary)") }
        if let owner { lines.append("  owner        \(owner)") }
        if !tags.isEmpty { lines.append("  tags         \(tags.joined(separator: ", "))") }
        return lines
    }
}

extension Admission {
    fileprivate var summary: String {
        let late = lateness.map { "known at most \($0) late" } ?? "however late"
        return "\(late), at most \(maxAhead) ahead"
    }
}

extension Refresh {
    fileprivate var summary: String {
        switch self {
        case .stream(.zero): "stream"
        case .stream(let delay): "stream, visible after \(delay)"
        case .every(let period, let delay):
            "every \(period), each cut asked from \(delay) after it on"
        }
    }
}

extension AggregateFeature {
    fileprivate var cells: [String] {
        let arguments = [input?.canonicalText, function.parameterText].compactMap { $0 }
        let call = "\(function.name)(\(arguments.joined(separator: ", ")))"
        let condition = filter.map { " where \($0.canonicalText)" } ?? ""
        return [name, type.description, call + condition, window.canonicalText, digest.short]
    }
}

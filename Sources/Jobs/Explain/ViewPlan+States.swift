import Planning
import States
import Values

extension ViewPlan {
    /// What the online store keeps for one entity, and about how many bytes that takes.
    var stateExplanation: [String] {
        let layout = StateLayout(self)
        let rows = layout.estimates.map(\.cells)
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            let cells = zip(row, widths).map {
                $0 + String(repeating: " ", count: $1 - $0.count)
            }
            return "    " + (cells + row.dropFirst(3)).joined(separator: "  ")
        }
        if case .latest = features { lines.append("    the newest row") }
        lines.append(
            "    about \(layout.estimatedBytes) bytes for each \(entity) if every span has rows, "
                + "\(StateLayout.sampleRows) in each")
        return lines
    }

    /// The same for programs.
    var stateJSON: JSONValue {
        let layout = StateLayout(self)
        let series = layout.estimates.map { series in
            JSONValue.object(
                [
                    JSONMember(
                        name: "features", value: .array(series.features.map(JSONValue.string))),
                    JSONMember(name: "call", value: .string(series.call)),
                ] + series.cutMembers + [
                    JSONMember(name: "bytes_each", value: .count(series.bytesEach)),
                    JSONMember(name: "bytes", value: .count(series.bytes)),
                ])
        }
        return .object([
            "series": .array(series), "bytes": .count(layout.estimatedBytes),
        ])
    }
}

extension SeriesEstimate {
    fileprivate var cells: [String] {
        let (what, count) =
            switch cut {
            case .lifetime: ("one state", 1)
            case .tiles(let hop, let count): ("tiles of \(hop)", count)
            case .rows(let count): ("newest rows", count)
            }
        return [call, what, "\(count) x \(bytesEach) bytes", features.joined(separator: ", ")]
    }

    fileprivate var cutMembers: [JSONMember] {
        switch cut {
        case .lifetime: [JSONMember(name: "cut", value: .string("lifetime"))]
        case .tiles(let hop, let count):
            [
                JSONMember(name: "cut", value: .string("tiles")),
                JSONMember(name: "hop", value: .string(hop.description)),
                JSONMember(name: "count", value: .count(count)),
            ]
        case .rows(let count):
            [
                JSONMember(name: "cut", value: .string("rows")),
                JSONMember(name: "count", value: .count(count)),
            ]
        }
    }
}

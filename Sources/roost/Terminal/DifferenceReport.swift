import Jobs
import Registry

/// What a plan or an apply says, for people and for programs.
struct DifferenceReport {
    private let difference: ProjectDifference

    init(_ difference: ProjectDifference) {
        self.difference = difference
    }

    /// Changes, what breaks, what to fill.
    var lines: [String] {
        var lines = aligned(
            difference.changes.map { change in
                [
                    "\(change.kind.sign) \(change.subject.rawValue)", change.name,
                    change.details.joined(separator: ", "),
                ]
            })
        if !difference.breakages.isEmpty {
            lines += ["", "breaks"]
            lines += aligned(
                difference.breakages.map { breakage in
                    let users = breakage.users.joined(separator: ", ")
                    return [
                        "! \(breakage.name)", breakage.reason,
                        users.isEmpty ? "" : "used by \(users)",
                    ]
                })
            lines += difference.breakages.compactMap(\.hint).map { "    hint: \($0)" }
        }
        if !difference.fills.isEmpty {
            lines += ["", "to fill"]
            lines += aligned(
                difference.fills.map { fill in
                    let count = fill.features.count
                    return [
                        "roost materialize \(fill.view)",
                        "\(count) \(count == 1 ? "feature" : "features") without values",
                    ]
                })
        }
        return lines
    }

    /// The same for programs.
    var members: [JSONMember] {
        [
            JSONMember(
                name: "changes",
                value: .array(
                    difference.changes.map { change in
                        .object([
                            "change": .string(change.kind.rawValue),
                            "subject": .string(change.subject.rawValue),
                            "name": .string(change.name),
                            "details": .array(change.details.map(JSONValue.string)),
                        ])
                    })),
            JSONMember(
                name: "breaks",
                value: .array(
                    difference.breakages.map { breakage in
                        .object([
                            "subject": .string(breakage.subject.rawValue),
                            "name": .string(breakage.name),
                            "reason": .string(breakage.reason),
                            "users": .array(breakage.users.map(JSONValue.string)),
                            "hint": .optional(breakage.hint),
                        ])
                    })),
            JSONMember(
                name: "to_fill",
                value: .array(
                    difference.fills.map { fill in
                        .object([
                            "view": .string(fill.view),
                            "features": .array(fill.features.map(JSONValue.string)),
                        ])
                    })),
        ]
    }

    /// Rows of cells, all to the left, two blanks apart.
    private func aligned(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

extension ProjectDifference.Change.Kind {
    fileprivate var sign: String {
        switch self {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }
}

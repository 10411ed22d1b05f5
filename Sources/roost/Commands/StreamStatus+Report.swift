import Jobs

extension StreamStatus {
    /// For people.
    var lines: [String] {
        if views.isEmpty && logs.isEmpty { return [] }
        var table = TextTable(header: ["stream", "into", "mode", "positions", "lacks"])
        for view in views {
            table.add([
                view.name, "generation \(view.generation)\(view.isLive ? "" : " (next)")",
                view.isShared ? "shared" : "keyed", view.positions.text, view.lag.text,
            ])
        }
        for log in logs {
            table.add([
                log.source,
                "event log, \(log.rows.grouped) rows, \(log.deadLetters.grouped) dead letters", "",
                log.positions.text, log.lag.text,
            ])
        }
        return [""] + table.lines
    }

    /// For programs.
    var member: JSONMember {
        JSONMember(
            name: "streams", value: .array(views.map(Self.json) + logs.map(Self.json)))
    }

    private static func json(_ view: View) -> JSONValue {
        .object([
            "view": .string(view.name), "generation": .integer(Int64(clamping: view.generation)),
            "live": .bool(view.isLive), "shared": .bool(view.isShared),
            "positions": view.positions.json, "lag": view.lag.map(JSONValue.integer) ?? .null,
        ])
    }

    private static func json(_ log: Log) -> JSONValue {
        .object([
            "source": .string(log.source), "rows": .count(log.rows),
            "dead_letters": .count(log.deadLetters), "positions": log.positions.json,
            "lag": log.lag.map(JSONValue.integer) ?? .null,
        ])
    }
}

extension [Int64?] {
    /// At most a few; a topic can have hundreds.
    fileprivate var text: String {
        let shown = prefix(6).map { $0.map { "\($0)" } ?? "lost" }
        return shown.joined(separator: " ") + (count > 6 ? " ..." : "")
    }

    fileprivate var json: JSONValue {
        .array(map { $0.map(JSONValue.integer) ?? .null })
    }
}

extension Int64? {
    fileprivate var text: String { map { "\(Int($0).grouped) rows" } ?? "" }
}

import Foundation
import TestSupport
import Values

/// A project in which a customer stands in two columns of one source, and a route has a composite
/// key under other names: what has to be right when one of them is forgotten.
struct TradeProject {
    static let early = "2026-02-01T00:00:00Z"
    static let late = "2026-03-01T00:00:00Z"
    let path: String

    /// Makes the project, with `profiles` as its roost.yaml, in a folder that does not exist.
    init(at path: String, profiles: String? = nil) throws {
        self.path = path
        for folder in ["feature-definitions", "pipelines", "input"] {
            try FileManager.default.createDirectory(
                atPath: file(folder), withIntermediateDirectories: true)
        }
        try write("feature-definitions/trade.yaml", Self.definitions)
        try write("pipelines/value.yaml", Self.pipeline)
        if let profiles { try write("roost.yaml", profiles) }
    }

    /// The project that is in a folder.
    init(existing path: String) {
        self.path = path
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: file(name)))
    }

    func run(_ words: [String]) throws -> RoostProcess {
        try RoostProcess.start(words + ["--json"], in: path).finish()
    }

    /// Writes the rows that pass and imports them, with the rows that are asked about.
    func importRows(where isKept: (Trade) -> Bool = { _ in true }) throws -> [RoostProcess] {
        let trades = Trade.all.filter(isKept)
        try write(
            "input/trades.csv",
            (["buyer,seller,from_city,to_city,amount,at"] + trades.map(\.line))
                .joined(separator: "\n") + "\n")
        let asks = (0..<60).map { number in
            "\(number % 12),\(Trade.cities[number % 4]),\(Trade.cities[number % 3]),"
                + "\(Trade.time(minutes: 30_000 + number * 37))"
        }
        try write(
            "input/asks.csv",
            (["customer,origin,dest,at"] + asks).joined(separator: "\n") + "\n")
        return try ["trades", "asks"].map { source in
            try run(["import", "csv", "input/\(source).csv", "--source", source])
        }
    }

    /// One row.
    struct Trade {
        let buyer: Int
        let seller: Int
        let from: String
        let to: String
        let amount: Int
        let minute: Int

        static let cities = ["Ghent", "Gh_ent", "Oslo", "a;b"]

        var line: String {
            "\(buyer),\(seller),\(from),\(to),\(amount),\(Self.time(minutes: minute))"
        }

        static func time(minutes: Int) -> EventTime {
            EventTime(microseconds: 1_767_225_600_000_000 + Int64(minutes) * 60_000_000)
        }

        static let all: [Trade] = {
            var random = SeededGenerator(seed: 3)
            return (0..<1500).map { row in
                Trade(
                    buyer: Int.random(in: 0..<12, using: &random),
                    seller: Int.random(in: 0..<12, using: &random),
                    from: cities[Int.random(in: 0..<4, using: &random)],
                    to: cities[Int.random(in: 0..<4, using: &random)],
                    amount: Int.random(in: -2..<100, using: &random), minute: row * 37)
            }
        }()
    }

    private static let definitions = """
        project: trade
        entities:
          - name: customer
            keys: { customer: int64 }
          - name: route
            keys: { origin: string, dest: string }
        sources:
          - name: trades
            event_time: at
            schema:
              buyer: int64
              seller: int64
              from_city: string
              to_city: string
              amount: int64
              at: timestamp
            columns:
              route_end: to_city
            expect:
              - range:
                  column: amount
                  from: 0
                action: quarantine
            batch:
              parquet: data/trades
          - name: asks
            event_time: at
            schema:
              customer: int64
              origin: string
              dest: string
              at: timestamp
            batch:
              parquet: data/asks
        views:
          - name: bought
            entity: customer
            source: trades
            keys: { customer: buyer }
            refresh: stream
            features:
              spent: sum(amount) over 30d
              purchases: count()
          - name: sold
            entity: customer
            source: trades
            keys: { customer: seller }
            refresh: every 1d delay 0s
            features:
              earned: sum(amount)
              last_amounts: last(amount, 3)
          - name: traffic
            entity: route
            source: trades
            keys: { origin: from_city, dest: route_end }
            refresh: stream
            features: [amount, buyer]
        services:
          - name: value
            features:
              - bought.*
              - sold.*
              - traffic.*

        """

    private static let pipeline = """
        name: value
        service: value
        spine:
          source: asks
          time: at

        """
}

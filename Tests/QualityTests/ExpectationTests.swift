import Columns
import DefinitionFiles
import Definitions
import Planning
import TestSupport
import Testing
import Values

@testable import Quality

@Suite("Expectations")
struct ExpectationTests {
    @Test("count the rows that a naive reader finds to break them, for any split")
    func naive() throws {
        let source = try TestSource.plan()
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = TestSource.rows(Int.random(in: 0...80, using: &generator), &generator)
            var parts = rows.split(at: 5, using: &generator).map { counts(of: $0, source) }
            while parts.count > 1 {
                let taken = parts.removeLast()
                parts[Int.random(in: parts.indices, using: &generator)].merge(taken)
            }
            let found = source.expectations.indices.map { parts[0].brokenRows($0) }
            #expect(found == TestSource.naiveCounts(rows), "seed \(seed)")
            #expect(parts[0].rows == rows.count, "seed \(seed)")
            #expect(parts[0].newest == rows.compactMap(\.at).max(), "seed \(seed)")
        }
    }

    @Test("are broken beyond what is tolerated, to the row")
    func tolerance() throws {
        let source = try TestSource.plan()
        let good = TestSource.Row(customer: "ada", amount: 1, country: "NL", at: .day(1))
        var bad = good
        bad.customer = nil
        func verdict(_ broken: Int, of count: Int) -> ExpectationResult.Verdict {
            let rows = (0..<count).map { $0 < broken ? bad : good }
            let results = counts(of: rows, source).results(
                in: .init(askedAt: nil, earlierRows: nil))
            return results[1].verdict
        }
        #expect(verdict(0, of: 0) == .passed)
        #expect(verdict(1, of: 40) == .passed)
        #expect(verdict(1, of: 39) == .warned)
        #expect(verdict(25, of: 1000) == .passed)
        #expect(verdict(26, of: 1000) == .warned)
    }

    @Test("tell the age of the newest row, to the microsecond")
    func freshness() throws {
        let source = try TestSource.plan(expecting: ["freshness: 2d"])
        let row = TestSource.Row(customer: nil, amount: nil, country: nil, at: .day(10))
        func verdict(_ rows: [TestSource.Row], asked: EventTime) -> ExpectationResult.Verdict? {
            counts(of: rows, source).results(in: .init(askedAt: asked, earlierRows: []))
                .first?.verdict
        }
        #expect(verdict([row], asked: .day(12)) == .passed)
        #expect(
            verdict([row], asked: EventTime(microseconds: EventTime.day(12).microseconds + 1))
                == .stopped)
        #expect(verdict([row], asked: .day(9)) == .passed)
        #expect(verdict([], asked: .day(12)) == .stopped)
    }

    @Test("compare the number of rows with the median of the last runs")
    func volume() throws {
        let source = try TestSource.plan(
            expecting: ["volume: { runs: 3, within: 50% }"])
        let row = TestSource.Row(customer: nil, amount: nil, country: nil, at: nil)
        func verdict(_ count: Int, after earlier: [Int]?) -> ExpectationResult.Verdict? {
            let rows = [TestSource.Row](repeating: row, count: count)
            return counts(of: rows, source)
                .results(in: .init(askedAt: nil, earlierRows: earlier)).first?.verdict
        }
        #expect(verdict(5, after: nil) == nil)
        #expect(verdict(5, after: []) == .skipped)
        #expect(verdict(5, after: [10]) == .passed)
        #expect(verdict(4, after: [10]) == .stopped)
        #expect(verdict(16, after: [10]) == .stopped)
        #expect(verdict(15, after: [1000, 10, 12, 9]) == .passed)
        #expect(verdict(0, after: [0, 0]) == .passed)
        #expect(verdict(1, after: [0, 0]) == .stopped)
    }

    @Test("set aside what is false, and keep what is null")
    func keeping() throws {
        let source = try TestSource.plan()
        let range = source.expectations[2]
        let rows: [TestSource.Row] = [-1, 0, nil, 100, 100.5].map {
            TestSource.Row(customer: "ada", amount: $0, country: nil, at: .day(1))
        }
        #expect(range.keeping?.breakingRows(of: TestSource.batch(rows)) == [0, 4])
        #expect(source.expectations[0].keeping == nil)
    }

    private func counts(of rows: [TestSource.Row], _ source: SourcePlan) -> ExpectationCounts {
        var counts = ExpectationCounts(source.expectations, eventTime: source.eventTime)
        counts.fold(TestSource.batch(rows))
        return counts
    }
}

/// Orders, the rules that they shall obey, and a reading of the rules that is as plain as can be.
private enum TestSource {
    struct Row {
        var customer: String?
        var amount: Double?
        var country: String?
        var at: EventTime?
    }

    static let rules = [
        "not_null: customer",
        "not_null: customer\n        action: warn\n        tolerate: 2.5%",
        "range: { column: amount, from: 0, to: 100 }\n        action: quarantine",
        "range: { column: at, from: 1970-01-03T00:00:00Z }",
        "accepted:\n          column: country\n          values: [NL, \"it's\"]",
        "unique: [customer, at]",
        "unique: amount",
        "that: amount > 50 or country = 'NL'",
    ]

    static func plan(expecting rules: [String] = rules) throws -> SourcePlan {
        let text = """
            project: shop
            sources:
              - name: orders
                event_time: at
                schema:
                  customer: string
                  amount: double
                  country: string
                  at: timestamp
                expect:
            \(rules.map { "      - \($0)" }.joined(separator: "\n"))

            """
        var loader = DefinitionLoader()
        do {
            let project = try loader.project(files: [("shop.yaml", Array(text.utf8))])
            return try #require(try ProjectPlan.compile(project).sources.first)
        } catch let error as Diagnostics {
            Issue.record("\(error.rendered(from: loader.files))")
            throw error
        }
    }

    static func batch(_ rows: [Row]) -> ColumnBatch {
        let schema = Schema([
            Field(name: "customer", type: .string), Field(name: "amount", type: .double),
            Field(name: "country", type: .string), Field(name: "at", type: .timestamp),
        ])
        let values: [[Scalar]] = [
            rows.map { $0.customer.map(Scalar.string) ?? .null },
            rows.map { $0.amount.map(Scalar.double) ?? .null },
            rows.map { $0.country.map(Scalar.string) ?? .null },
            rows.map { $0.at.map(Scalar.timestamp) ?? .null },
        ]
        return ColumnBatch(
            schema: schema,
            columns: zip(schema.fields, values).map { Column(type: $0.type, $1) },
            rowCount: rows.count)
    }

    static func rows(_ count: Int, _ generator: inout SeededGenerator) -> [Row] {
        (0..<count).map { _ in
            Row(
                customer: ["ada", "bob", "", nil].randomElement(using: &generator) ?? nil,
                amount: [-1, 0, 0.5, 50, 51, 100, 101, nil].randomElement(using: &generator)
                    ?? nil,
                country: ["NL", "it's", "DE", "", nil].randomElement(using: &generator) ?? nil,
                at: [.day(1), .day(2), .day(3), nil].randomElement(using: &generator) ?? nil)
        }
    }

    /// How many rows break each of `rules`.
    static func naiveCounts(_ rows: [Row]) -> [Int] {
        var broken = rules.map { _ in 0 }
        var orders: Set<String> = []
        var amounts: Set<Double> = []
        for row in rows {
            if row.customer == nil { broken[0] += 1 }
            if row.customer == nil { broken[1] += 1 }
            if let amount = row.amount, amount < 0 || amount > 100 { broken[2] += 1 }
            if let at = row.at, at < .day(2) { broken[3] += 1 }
            if let country = row.country, country != "NL", country != "it's" { broken[4] += 1 }
            if let customer = row.customer, let at = row.at,
                !orders.insert("\(customer)|\(at)").inserted
            {
                broken[5] += 1
            }
            if let amount = row.amount, !amounts.insert(amount).inserted { broken[6] += 1 }
            if isFalse(row) { broken[7] += 1 }
        }
        return broken
    }

    /// Whether `amount > 50 or country = 'NL'` is false: neither true nor unknown.
    private static func isFalse(_ row: Row) -> Bool {
        guard let amount = row.amount, let country = row.country else { return false }
        return amount <= 50 && country != "NL"
    }
}

extension EventTime {
    /// The midnight that begins a day after 1970-01-01.
    fileprivate static func day(_ number: Int64) -> EventTime {
        EventTime(microseconds: number * 86_400_000_000)
    }
}

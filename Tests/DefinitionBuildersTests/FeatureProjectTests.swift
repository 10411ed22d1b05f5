import Aggregates
import DefinitionBuilders
import DefinitionFiles
import Definitions
import Planning
import Testing
import Values

@Suite("Definitions in Swift")
struct FeatureProjectTests {
    private let shop = FeatureProject("shop") {
        Entity("shop", keys: ["shop": .string, "aisle": .int64])
            .owner("ada").tags("a", "b: c")
        Source("sales", eventTime: "at", knownAt: "loaded") {
            Column("store", .string)
            Column("aisle", .int64)
            Column("amount", .double)
            Column("status", .string)
            Column("at", .timestamp)
            Column("loaded", .timestamp)
            Computed("label", "if(status = 'it''s \"new\": # \\', 'n', 'o')")
            Parquet("data/sales")
            Kafka(
                topic: "sales", keyedBy: ["store"],
                recordColumns: ["store": .key, "loaded": .timestamp, "status": .header("is: new")])
        }
        .zone("UTC").completeTo("2024-01-31T10:00:00Z")
        .expect {
            Expect(.notNull("store", "at"))
            Expect(.unique("store", "at"), otherwise: .warn, tolerating: 0.5)
            Expect(.range("amount", from: -1.5, to: 100), otherwise: .quarantine, tolerating: 1)
            Expect(.range("at", from: "2024-01-01T00:00:00Z"))
            Expect(.accepted("status", ["paid", "it's"]))
            Expect(.that("amount != 0 or status = 'void'"), otherwise: .stop)
            Expect(.freshness(.days(2)))
            Expect(.volume(within: 30))
        }
        View("sold", of: "shop", from: "sales", refresh: .stream) {
            Feature("n", .count().where("status = 'paid'").over([.hours(1), .hours(24)]))
            Feature("last_at", .last("at").over(.days(2)).hop(.hours(2)))
            Feature("text", "first(label, 3) over 1h exact")
        }
        .keys(["shop": "store"]).where("status != 'void'").lateness(.unlimited)
        .maxAhead(.minutes(1)).visibleDelay(.seconds(5)).keep(["n": .days(1)])
        .expect { Expect(.volume(within: 12.5, runs: 3), otherwise: .warn) }
        View("newest", of: "shop", from: "sales", refresh: .every(.days(1), delay: .zero)) {
            Feature("status")
            Feature("is_late", "at > loaded")
        }
        .keys(["shop": "store"]).ttl(.weeks(1))
        Service("answers") {
            Request("asked", .timestamp)
            Use("sold.n_1h", for: ["shop": "here", "aisle": "there"], as: "n")
            Use("newest.*")
            Derived("twice", "n * 2")
        }
    }

    @Test("are the same as the YAML that they can be printed as")
    func printed() throws {
        let plan = try shop.plan()
        var loader = DefinitionLoader()
        let text = shop.yaml
        let read = try ProjectPlan.compile(
            loader.project(files: [("shop.yaml", Array(text.utf8))]))
        #expect(read == plan, "\(text)")
        #expect(
            plan.sources[0].expectations.map { "\($0.text) \($0.action) \($0.tolerated)" } == [
                "not_null store stop 0%", "not_null at stop 0%", "unique store, at warn 0.5%",
                "range amount -1.5 .. 100 quarantine 1%",
                "range at 2024-01-01T00:00:00Z .. stop 0%", "accepted status paid, it's stop 0%",
                "that amount != 0 or status = 'void' stop 0%", "freshness 2d stop 0%",
                "volume within 30% of the last 7 runs stop 0%",
            ])
        #expect(
            plan.views[0].expectations.map(\.text) == ["volume within 12.5% of the last 3 runs"])
        #expect(
            plan.views.map(\.features.names) == [
                ["n_1h", "n", "last_at", "text"], ["status", "is_late"],
            ])
        #expect(
            plan.services[0].features.map(\.column) == [
                "n", "newest__status", "newest__is_late",
            ])
    }

    @Test(
        "can read tables and queries, whose place is no part of a feature",
        arguments: [
            Postgres(table: "sales.rows"),
            Postgres(query: "SELECT *\nFROM t -- all", database: "dw"),
        ])
    func postgres(_ rows: Postgres) throws {
        func project(_ batch: any SourceContent) -> FeatureProject {
            FeatureProject("shop") {
                Entity("shop", keys: ["shop": .string])
                Source("sales", eventTime: "at") {
                    Column("shop", .string)
                    Column("at", .timestamp)
                    batch
                }
                View("sold", of: "shop", from: "sales", refresh: .every(.days(1), delay: .zero)) {
                    Feature("n", .count())
                }
            }
        }
        let plan = try project(rows).plan()
        let text = project(rows).yaml
        var loader = DefinitionLoader()
        let read = try ProjectPlan.compile(
            loader.project(files: [("shop.yaml", Array(text.utf8))]))
        #expect(read == plan, "\(text)")
        #expect(plan.sources[0].postgresRows != nil && plan.sources[0].parquetPath == nil)
        let files = try project(Parquet("data/sales")).plan()
        #expect(files.sources != plan.sources)
        #expect(files.views[0].features == plan.views[0].features)
    }

    @Test("are wrong at their places in the Swift file")
    func wrong() throws {
        let line = #line
        let project = FeatureProject("shop") {
            Entity("shop", keys: ["shop": .double])
            Source("sales", eventTime: "at") {
                Column("shop", .string)
                Column("at", .timestamp)
                Column("at", .int64)
            }
            View("sold it", of: "shop", from: "sales", refresh: .stream) { Feature("n", .count()) }
            View("sold", of: "shop", from: "sale", refresh: .stream) {
                Feature("total", .sum("amount over"))
            }
            .expect {
                Expect(.that("amount >"), tolerating: 0.00001)
            }
        }
        let found = #expect(throws: Diagnostics.self) { try project.plan() }
        let told = (found?.sorted ?? []).map { "\($0.location.line - line): \($0.message)" }
        #expect(
            told == [
                "2: a key cannot be a double",
                "6: the column `at` is defined twice; it is already at "
                    + "DefinitionBuildersTests/FeatureProjectTests.swift:\(line + 5):23",
                "8: `sold it` cannot be the name of a view",
                "9: unknown source `sale`",
                "10: expected `)` after the argument of `sum`, found `over`",
                "13: expected a percentage such as `5%`, found `1e-05%`",
                "13: expected a value, found the end",
            ])
        #expect(found?.all.allSatisfy { $0.location.file.hasSuffix("Tests.swift") } == true)
    }

    @Test("know every aggregate of the language")
    func aggregates() throws {
        let values: [FeatureValue] = [
            .count(), .count("x"), .sum("x"), .mean("x"), .min("x"), .max("x"), .variance("x"),
            .stddev("x"), .first("x"), .last("x"), .first("x", count: 2), .last("x", count: 3),
            .distinct("x"), .distinctExact("x", cap: 10), .quantile("x", 0.5),
            .top("x", count: 3), .histogram("x", edges: [-1, 0, 2.5]),
            .decayedSum("x", halfLife: .hours(1)),
        ]
        let project = FeatureProject("shop") {
            Entity("shop", keys: ["shop": .string])
            Source("sales", eventTime: "at") {
                Column("shop", .string)
                Column("x", .double)
                Column("at", .timestamp)
            }
            View("sold", of: "shop", from: "sales", refresh: .stream) {
                for (index, value) in values.enumerated() {
                    Feature("f\(index)", value.over(.hours(12)))
                }
            }
        }
        guard case .aggregates(let features) = try project.plan().views[0].features else {
            Issue.record("these are aggregates")
            return
        }
        #expect(features.count == values.count)
        let names = Set(features.map(\.function.name))
        #expect(names == Set(AggregateFunction.allNames))
    }

    @Test("can be made by loops and conditions")
    func loops() throws {
        func project(_ windows: [Span], isBusy: Bool) -> FeatureProject {
            FeatureProject("shop") {
                Entity("shop", keys: ["shop": .string])
                Source("sales", eventTime: "at") {
                    Column("shop", .string)
                    Column("at", .timestamp)
                }
                View("sold", of: "shop", from: "sales", refresh: .stream) {
                    if isBusy { Feature("busy", .count().over(.minutes(1))) }
                    for (index, window) in windows.enumerated() {
                        if index == 0 {
                            Feature("least", .count().over(window))
                        } else {
                            Feature("n\(index)", .count().over(window))
                        }
                    }
                }
            }
        }
        let names = try [true, false].map { isBusy in
            try project([.hours(1), .days(1)], isBusy: isBusy).plan().views[0].features.names
        }
        #expect(names == [["busy", "least", "n1"], ["least", "n1"]])
    }
}

import Aggregates
import Expressions
import JoinSupport
import Planning
import PointInTime
import Testing
import Values

@Suite struct ListSizeTests {
    /// 10,000 rows of one key and enough questions that their lists pass 2^31 values.
    @Test func `lists that 32 bits cannot number are refused before they are built`() throws {
        let rows = (0..<10_000).map { row -> [Scalar] in
            let time = Scalar.timestamp(EventTime(microseconds: Int64(row)))
            return [.integer(1), time, time, .double(1), .integer(1), .string(""), .bool(true)]
        }
        let asked: [Scalar] = [
            .integer(1), .integer(1), .timestamp(EventTime(microseconds: 20_000)),
        ]
        let spine = InMemoryRows(
            RandomJoin.spineSchema, rows: Array(repeating: asked, count: 214_749), chunkSizes: [])
        let error = #expect(throws: PointInTimeError.self) {
            _ = try PointInTimeJoin(plan: service(digest: RandomJoin(seed: 1).service))
                .run(spine: spine, time: "timestamp") { _ in
                    InMemoryRows(RandomJoin.sourceSchema, rows: rows, chunkSizes: [])
                }
        }
        #expect(error?.code == .tooManyValues)
        #expect(error?.message.hasPrefix("the lists of latest may hold 2147490000 values") == true)
    }

    /// A service with one feature, `last(x, 10000)`; the digest says nothing here.
    private func service(digest plan: ServicePlan) -> ServicePlan {
        let digest = plan.features[0].digest
        let feature = AggregateFeature(
            name: "latest", function: .lastValues(10_000), input: .column("x", .double),
            filter: nil, window: .lifetime, type: .list(.double), digest: digest)
        let view = ViewPlan(
            name: "view", entity: "thing",
            keys: [KeyPart(name: "key", type: .int64, sourceColumn: "key")],
            source: SourcePlan(
                name: "source", schema: RandomJoin.sourceSchema, computed: [], eventTime: "at",
                knownAt: nil, batch: nil, completeTo: nil, zone: nil),
            filter: nil, admission: Admission(lateness: nil, maxAhead: .minutes(5)),
            refresh: .stream(visibleDelay: .zero), ttl: nil, features: .aggregates([feature]))
        return ServicePlan(
            project: "test", name: "test",
            lookups: [Lookup(view: view, spineColumns: ["key"], role: nil)], request: [],
            features: [
                ServiceFeature(
                    lookup: 0, feature: 0, column: "latest", shortName: "latest",
                    type: .list(.double), digest: digest)
            ], derived: [])
    }
}

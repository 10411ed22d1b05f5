import Columns
import Expressions
import JoinSupport
import Lookup
import Planning
import States
import Stores
import TestSupport
import Testing
import Values

@Suite("Looking features up")
struct OnlineLookupTests {
    private let store: LMDBOnlineStore
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        store = try LMDBOnlineStore(path: folder.file("online"))
    }

    @Test("gives what the point-in-time join gives at the cut, in both roles")
    func equality() throws {
        var compared = 0
        for seed in 0..<400 as Range<UInt64> {
            let join = RandomJoin(seed: seed)
            let naive = NaiveJoin(join: join)
            let time = EventTime(microseconds: 45_000_001)
            let layout = StateLayout(join.view)
            let states = states(of: join, naive, at: time)
            if compared == 60 { break }
            if states.values.contains(where: { ($0.newest ?? .distantPast) >= time }) { continue }
            compared += 1
            try publish(states, layout, cut: naive.cut(of: time))
            let keys: [Scalar] = [.integer(1), .integer(2), .integer(3), .null, .integer(9)]
            let spine = keys.enumerated().map { index, key in
                [key, keys[(index + 2) % keys.count], .timestamp(time)]
            }
            let asked = RandomJoin(join, rows: join.rows, spine: spine)
            let answer = try OnlineLookup(plan: join.service)
                .answer(entities: entities(spine), now: time, from: store)
            for (row, expected) in try asked.cells(workers: 1).enumerated() {
                let found = answer.columns.map { $0.scalar(at: row) }
                let isEqual = zip(found, expected).allSatisfy { $0.isIdentical(to: $1) }
                #expect(isEqual, "seed \(seed) row \(row): \(found) is not \(expected)")
            }
        }
        #expect(compared == 60)
    }

    @Test("says what each value is worth")
    func statuses() throws {
        let view = weather
        let layout = StateLayout(view)
        let hour = EventDuration.hours(1).microseconds
        var states: [Int64: ViewState] = [:]
        for (key, value, at) in [(1, 4.5, 10), (2, nil, 10), (3, 7.5, 5)]
            as [(Int64, Double?, Int64)]
        {
            var state = ViewState(layout)
            let time = EventTime(microseconds: at * hour)
            state.fold(
                eventTime: time, knownAt: time, values: [value.map(Scalar.double) ?? .null])
            states[key] = state
        }
        try publish(states, layout, cut: EventTime(microseconds: 11 * hour))
        let spine =
            [1, 2, 3, 4].map { [.integer($0), .null, .null] as [Scalar] } + [[.null, .null, .null]]
        let lookup = OnlineLookup(plan: try service(view))
        let answer = try lookup.answer(
            entities: entities(spine).appending(
                Column(type: .double, repeating: .double(2), count: 5), named: "factor"),
            now: EventTime(microseconds: 12 * hour), from: store)
        #expect(
            answer.statuses[0] == [.present, .nullValue, .outsideMaxAge, .notFound, .notFound])
        #expect(answer.columns[0].holds([.double(4.5), .null, .null, .null, .null]))
        #expect(answer.fields.map(\.name) == ["view__x", "product"])
        #expect(answer.statuses[1] == [.present] + Array(repeating: .nullValue, count: 4))
        #expect(answer.columns[1].holds([.double(9), .null, .null, .null, .null]))
        #expect(
            answer.eventTimes[0].map { $0.map { $0.microseconds / hour } } == [10, 10, 5, nil, nil])
        #expect(answer.views[0].isOffSchedule)
        #expect(answer.views[0].scheduledCut == EventTime(microseconds: 12 * hour))
        #expect(answer.views[0].cut == EventTime(microseconds: 11 * hour))
    }

    @Test("refuses views that are not there, or there as other definitions say")
    func missingViews() throws {
        let lookup = OnlineLookup(plan: try service(weather))
        let rows = entities([]).appending(Column(type: .double, []), named: "factor")
        let missing = #expect(throws: LookupError.self) {
            _ = try lookup.answer(entities: rows, now: .distantPast, from: store)
        }
        #expect(missing?.code == .notMaterialized)
        let writer = try store.beginGeneration(
            GenerationPlan(view: "view", layout: [1], identity: [], cut: .distantPast))
        _ = try writer.publish()
        let outdated = #expect(throws: LookupError.self) {
            _ = try lookup.answer(entities: rows, now: .distantPast, from: store)
        }
        #expect(outdated?.code == .outdated)
    }

    @Test("refuses rows that lack a column or have one of another type, and damaged states")
    func badRows() throws {
        let layout = StateLayout(weather)
        let writer = try store.beginGeneration(plan(layout, cut: .distantPast))
        try writer.append(entityKey(1).bytes, [1, 2, 3, 4, 5, 6])
        _ = try writer.publish()
        let lookup = OnlineLookup(plan: try service(weather))
        let rows = entities([[.integer(1), .null, .null]])
        let factor = Column(type: .int64, [.integer(1)])
        let good = rows.appending(Column(type: .double, [.double(1)]), named: "factor")
        let cases: [(ColumnBatch, LookupError.Code)] = [
            (rows, .badRequest), (rows.appending(factor, named: "factor"), .badRequest),
            (ColumnBatch(schema: Schema([]), columns: [], rowCount: 1), .badRequest),
            (good, .store),
        ]
        for (batch, code) in cases {
            let error = #expect(throws: LookupError.self) {
                _ = try lookup.answer(entities: batch, now: .distantPast, from: store)
            }
            #expect(error?.code == code)
        }
    }

    /// States of all keys of a random join, built at `time`.
    private func states(
        of join: RandomJoin, _ naive: NaiveJoin, at time: EventTime
    ) -> [Int64: ViewState] {
        let layout = StateLayout(join.view)
        var states: [Int64: ViewState] = [:]
        let cut = naive.cut(of: time)
        for row in join.rows {
            guard case .integer(let key) = row[0], naive.isAdmitted(row) else { continue }
            switch join.view.refresh {
            case .stream(let delay):
                guard naive.known(row).advanced(by: delay) <= time else { continue }
            case .every:
                guard naive.event(row) < cut, naive.known(row) <= cut else { continue }
            }
            let values = layout.inputs.map { input in
                row[RandomJoin.sourceSchema.index(of: input.canonicalText) ?? 0]
            }
            states[key, default: ViewState(layout)].fold(
                eventTime: naive.event(row), knownAt: naive.known(row), values: values)
        }
        return states
    }

    private func publish(
        _ states: [Int64: ViewState], _ layout: StateLayout, cut: EventTime
    ) throws {
        let writer = try store.beginGeneration(plan(layout, cut: cut))
        for (key, state) in states.sorted(by: { $0.key < $1.key }) {
            try writer.append(entityKey(key).bytes, state.encoded)
        }
        _ = try writer.publish()
    }

    private func plan(_ layout: StateLayout, cut: EventTime) -> GenerationPlan {
        GenerationPlan(view: layout.view.name, layout: layout.identity, identity: [], cut: cut)
    }

    private func entityKey(_ number: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(number)
        return key
    }

    private func entities(_ spine: [[Scalar]]) -> ColumnBatch {
        let fields = Array(RandomJoin.spineSchema.fields.prefix(2))
        return ColumnBatch(
            schema: Schema(fields),
            columns: [0, 1].map { column in Column(type: .int64, spine.map { $0[column] }) },
            rowCount: spine.count)
    }

    /// The latest value, for six hours, refreshed every hour.
    private var weather: ViewPlan {
        ViewPlan(
            name: "view", entity: "thing",
            keys: [KeyPart(name: "key", type: .int64, sourceColumn: "key")],
            source: SourcePlan(
                name: "source", schema: RandomJoin.sourceSchema, computed: [], eventTime: "at",
                knownAt: nil, batch: nil, completeTo: nil, zone: nil),
            filter: nil, admission: Admission(lateness: nil, maxAhead: .minutes(5)),
            refresh: .every(.hours(1), delay: .zero), ttl: .hours(6),
            features: .latest([
                LatestFeature(name: "x", expression: .column("x", .double), digest: digest)
            ]))
    }

    private func service(_ view: ViewPlan) throws -> ServicePlan {
        try ServicePlan(
            project: "test", name: "test",
            lookups: [Lookup(view: view, spineColumns: ["key"], role: nil)],
            request: [Field(name: "factor", type: .double)],
            features: [
                ServiceFeature(
                    lookup: 0, feature: 0, column: "view__x", shortName: "x", type: .double,
                    digest: digest)
            ],
            derived: [
                DerivedFeature(
                    name: "product",
                    expression: ExpressionSyntax.parse(
                        "view__x * factor",
                        at: SourceLocation(file: "service.yaml", line: 1, column: 1)
                    ).typed(
                        in: Scope(
                            ["view__x", "factor"].map { Field(name: $0, type: .double) })),
                    digest: digest)
            ])
    }
}

import Aggregates
import Columns
import Expressions
package import Planning
package import PointInTime
import TestSupport
package import Values

/// A random view with random rows and a random spine, drawn so that edges and ties are common.
package struct RandomJoin {
    package static let sourceSchema = Schema([
        Field(name: "key", type: .int64), Field(name: "at", type: .timestamp),
        Field(name: "known", type: .timestamp), Field(name: "x", type: .double),
        Field(name: "n", type: .int64), Field(name: "s", type: .string),
        Field(name: "keep", type: .bool), Field(name: "m", type: money),
        Field(name: "l", type: .list(.int64)), Field(name: "v", type: .vector(length: 2)),
    ])
    /// A decimal.
    package static let money = DataType.decimal(precision: 12, scale: 2)
    /// The columns that are latest values.
    package static let latest = ["l", "m", "n", "s", "v", "x"]
    package static let spineSchema = Schema([
        Field(name: "key", type: .int64), Field(name: "other", type: .int64),
        Field(name: "timestamp", type: .timestamp),
    ])

    package let view: ViewPlan
    package let rows: [[Scalar]]
    package let spine: [[Scalar]]
    package let isInclusive: Bool
    package let sourceChunks: [Int]
    package let spineChunks: [Int]

    package init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        view = randomView(&random)
        isInclusive = Bool.random(using: &random)
        let span = Int64.random(in: 1...40, using: &random)
        rows = (0..<Int.random(in: 0...40, using: &random)).map { _ in randomRow(span, &random) }
        spine = (0..<Int.random(in: 0...25, using: &random)).map { _ in
            [randomKey(&random), randomKey(&random), .timestamp(randomTime(span, &random))]
        }
        sourceChunks = (0..<2).map { _ in Int.random(in: 0...20, using: &random) }
        spineChunks = (0..<2).map { _ in Int.random(in: 0...10, using: &random) }
    }

    /// A view of a test's own over its own rows.
    package init(view: ViewPlan, rows: [[Scalar]], spine: [[Scalar]]) {
        self.view = view
        self.rows = rows
        self.spine = spine
        isInclusive = false
        sourceChunks = [rows.count / 2]
        spineChunks = []
    }

    /// The same view over other rows, asked by another spine.
    package init(_ join: RandomJoin, rows: [[Scalar]], spine: [[Scalar]]) {
        view = join.view
        isInclusive = false
        sourceChunks = join.sourceChunks
        spineChunks = join.spineChunks
        self.rows = rows
        self.spine = spine
    }

    /// The service that asks the view in two roles.
    package var service: ServicePlan {
        let names = view.features.names
        let types = view.features.types
        let features = (0..<2).flatMap { role in
            names.indices.map { feature in
                ServiceFeature(
                    lookup: role, feature: feature, column: "\(names[feature])_\(role)",
                    shortName: names[feature], type: types[feature], digest: digest)
            }
        }
        return ServicePlan(
            project: "test", name: "test",
            lookups: [
                Lookup(view: view, spineColumns: ["key"], role: nil),
                Lookup(view: view, spineColumns: ["other"], role: "other"),
            ], request: [], features: features, derived: [])
    }

    package func run(workers: Int) throws -> JoinResult {
        let rows = InMemoryRows(Self.sourceSchema, rows: rows, chunkSizes: sourceChunks)
        let spine = InMemoryRows(Self.spineSchema, rows: spine, chunkSizes: spineChunks)
        let options = JoinOptions(isInclusive: isInclusive, workers: workers)
        return try PointInTimeJoin(plan: service, options: options)
            .run(spine: spine, time: "timestamp") { _ in rows }
    }

    /// All cells of the result, in the order of the spine.
    package func cells(workers: Int) throws -> [[Scalar]] {
        let result = try run(workers: workers)
        var faults = FaultCounts()
        return try (0..<spineChunks.count + 1).flatMap { chunk in
            let batch = try result.features(chunk: chunk, faults: &faults)
            return (0..<batch.rowCount).map { row in
                batch.columns.map { $0.scalar(at: row) }
            }
        }
    }
}

/// A digest that says nothing; the join does not look at it.
package let digest = testDigest()

private func testDigest() -> FeatureDigest {
    guard let digest = FeatureDigest(bytes: Array(repeating: 0, count: 32)) else {
        preconditionFailure("a digest has 32 bytes")
    }
    return digest
}

private func randomKey(_ random: inout SeededGenerator) -> Scalar {
    let keys: [Scalar] = [.integer(1), .integer(2), .integer(3), .null]
    return keys.randomElement(using: &random) ?? .null
}

/// Seconds on a small grid around the epoch, often off by a microsecond.
private func randomTime(_ span: Int64, _ random: inout SeededGenerator) -> EventTime {
    let seconds = Int64.random(in: -span...span, using: &random)
    let offset = Int64.random(in: -1...1, using: &random)
    return EventTime(microseconds: seconds * 1_000_000 + offset)
}

private func randomRow(_ span: Int64, _ random: inout SeededGenerator) -> [Scalar] {
    let at = randomTime(span, &random)
    let lags: [Int64] = [0, 0, 0, 1, 5, 30, -2]
    let lag = lags.randomElement(using: &random) ?? 0
    let doubles: [Scalar] = [
        .null, .double(0.1), .double(-3), .double(1e200), .double(.nan), .double(.infinity),
        .double(7),
    ]
    let texts: [Scalar] = [.null, .string(""), .string("a"), .string("é"), .string("b")]
    let integers: [Scalar] = [.null, .integer(.max), .integer(3), .integer(-8), .integer(0)]
    let bools: [Scalar] = [.bool(true), .bool(true), .bool(false), .null]
    let lists: [Scalar] = [
        .null, .list([]), .list([.integer(3)]), .list([.integer(3), .null]), .list([.null]),
        .list([.integer(-8), .integer(.max)]),
    ]
    let vectors: [Scalar] = [
        .null, .list([.double(0), .double(0.5)]), .list([.double(0), .double(-2)]),
    ]
    return [
        randomKey(&random),
        Int.random(in: 0..<12, using: &random) == 0 ? .null : .timestamp(at),
        Int.random(in: 0..<12, using: &random) == 0
            ? .null : .timestamp(at.advanced(by: .seconds(lag))),
        doubles.randomElement(using: &random) ?? .null,
        integers.randomElement(using: &random) ?? .null,
        texts.randomElement(using: &random) ?? .null,
        bools.randomElement(using: &random) ?? .null,
        decimals.randomElement(using: &random) ?? .null,
        lists.randomElement(using: &random) ?? .null,
        vectors.randomElement(using: &random) ?? .null,
    ]
}

/// Small ones of few different digits, and the greatest of the type.
private let decimals: [Scalar] =
    [.null]
    + ([0, 1, -150, 1_500, 999_999_999_999] as [Int128]).map {
        .decimal(Decimal128(unscaled: $0, scale: 2))
    }

private func randomView(_ random: inout SeededGenerator) -> ViewPlan {
    let isBatch = Bool.random(using: &random)
    let isLatest = Int.random(in: 0..<4, using: &random) == 0
    let seconds = { (range: ClosedRange<Int64>, random: inout SeededGenerator) in
        EventDuration.seconds(Int64.random(in: range, using: &random))
    }
    let refresh: Refresh =
        isBatch
        ? .every(seconds(1...10, &random), delay: seconds(0...12, &random))
        : .stream(visibleDelay: Bool.random(using: &random) ? .zero : seconds(0...3, &random))
    let isUnlimited = Bool.random(using: &random)
    return ViewPlan(
        name: "view", entity: "thing",
        keys: [KeyPart(name: "key", type: .int64, sourceColumn: "key")],
        source: SourcePlan(
            name: "source", schema: RandomJoin.sourceSchema, computed: [], eventTime: "at",
            knownAt: Bool.random(using: &random) ? "known" : nil, batch: nil,
            completeTo: nil, zone: nil),
        filter: Bool.random(using: &random) ? .column("keep", .bool) : nil,
        admission: Admission(
            lateness: isUnlimited ? nil : seconds(0...31, &random),
            maxAhead: seconds(0...3, &random)),
        refresh: refresh,
        ttl: isLatest || isBatch
            ? (Bool.random(using: &random) ? seconds(1...20, &random) : nil) : nil,
        features: isLatest ? randomLatest() : randomAggregates(&random))
}

private func randomLatest() -> ViewFeatures {
    .latest(
        RandomJoin.sourceSchema.fields.filter { RandomJoin.latest.contains($0.name) }.map { field in
            LatestFeature(
                name: field.name, expression: .column(field.name, field.type), digest: digest)
        })
}

private func randomAggregates(_ random: inout SeededGenerator) -> ViewFeatures {
    var features: [AggregateFeature] = []
    for function in allFunctions {
        let inputs: [TypedExpression?] = [
            .column("x", .double), .column("n", .int64), .column("s", .string),
            .column("m", RandomJoin.money),
            function == .count ? nil : .column("x", .double),
        ]
        guard let input = inputs.randomElement(using: &random),
            let type = try? function.resultType(of: input?.type)
        else { continue }
        features.append(
            AggregateFeature(
                name: "f\(features.count)", function: function, input: input,
                filter: Bool.random(using: &random) ? .column("keep", .bool) : nil,
                window: randomWindow(&random), type: type, digest: digest))
    }
    return .aggregates(features)
}

private let allFunctions: [AggregateFunction] =
    [
        .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .firstValues(2),
        .lastValues(2), .count, .sum, .min, .max, .last, .distinct, .distinctExact(cap: 2), .top(2),
        .decayedSum(halfLife: .seconds(3)),
        .decayedSum(halfLife: EventDuration(microseconds: 1_500_001)),
        .distinctExact(cap: 3), .top(3), .decayedSum(halfLife: .seconds(3)),
    ] + [0.0, 0.5, 0.9].compactMap { Quantile($0) }.map(AggregateFunction.quantile)
    + [[0], [-1, 0.1, 8]].compactMap { HistogramEdges($0) }.map(AggregateFunction.histogram)

private func randomWindow(_ random: inout SeededGenerator) -> Window {
    let hop = Int64.random(in: 1...5, using: &random)
    let length = EventDuration.seconds(hop * Int64.random(in: 1...8, using: &random))
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .lifetime
    case 1: return .exact(length: length, maxEvents: Int.random(in: 1...4, using: &random))
    default: return .tiled(length: length, hop: .seconds(hop))
    }
}

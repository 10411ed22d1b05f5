import Aggregates
import Expressions
import Foundation
import JoinSupport
import Planning
import TestSupport
import Testing
import Values

@testable import States

/// States of fixed rows, one per way of keeping them. Who changes these bytes makes every online
/// store unreadable: that needs another version of the format, and a decision.
@Suite("The bytes of version 1 of a state do not change")
struct GoldenStateTests {
    /// Event time and known-at in seconds, x, n and s of each row.
    private static let rows: [(Int64, Int64, Scalar, Scalar, Scalar)] = [
        (-7200, -7200, .double(0.1), .integer(-3), .string("é")),
        (3600, 3601, .null, .integer(.max), .string("")),
        (90_000, 90_600, .double(-0.0), .null, .string("b")),
        (93_599, 93_599, .double(1e200), .integer(300), .null),
    ]

    private static let hour = Window.tiled(length: .hours(48), hop: .hours(1))
    private static let exact = Window.exact(length: .hours(24), maxEvents: 2)
    private static let x = TypedExpression.column("x", .double)
    private static let n = TypedExpression.column("n", .int64)
    private static let s = TypedExpression.column("s", .string)

    /// What each line of the fixture is the state of.
    private static let features: [(name: String, features: ViewFeatures)] = [
        ("x,n,s latest", .latest([x, n, s].map(latest))),
        ("count() lifetime", aggregate(.count, nil, .lifetime)),
        ("count() hour", aggregate(.count, nil, hour)),
        ("count(x) exact", aggregate(.count, x, exact)),
        ("sum(x) lifetime", aggregate(.sum, x, .lifetime)),
        ("sum(x) hour", aggregate(.sum, x, hour)),
        ("sum(n) hour", aggregate(.sum, n, hour)),
        ("mean(x) hour", aggregate(.mean, x, hour)),
        ("variance(n) hour", aggregate(.variance, n, hour)),
        ("min(x) hour", aggregate(.min, x, hour)),
        ("max(n) exact", aggregate(.max, n, exact)),
        ("first(s) hour", aggregate(.first, s, hour)),
        ("last(s) lifetime", aggregate(.last, s, .lifetime)),
        ("last[2](s) hour", aggregate(.lastValues(2), s, hour)),
    ]

    @Test("for latest values and aggregates of all kinds, and for no rows")
    func bytes() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/states-v1.txt")
        let expected = try String(contentsOf: path, encoding: .utf8)
        let empty = ViewState(StateLayout(Self.view(.latest([Self.latest(Self.x)]))))
        var lines = ["none latest \(hexadecimal(empty.encoded))"]
        for (name, features) in Self.features {
            lines.append("\(name) \(try Self.bytes(features))")
        }
        for (line, golden) in zip(lines, expected.split(separator: "\n")) {
            #expect(line == golden)
        }
        #expect(lines.count == expected.split(separator: "\n").count)
    }

    /// The state of all rows in hexadecimal digits; it is read back, too.
    private static func bytes(_ features: ViewFeatures) throws -> String {
        let layout = StateLayout(view(features))
        var state = ViewState(layout)
        for (event, known, x, n, s) in rows {
            let values = layout.inputs.map { input -> Scalar in
                switch input.canonicalText {
                case "x": x
                case "n": n
                default: s
                }
            }
            state.fold(
                eventTime: EventTime(microseconds: event * 1_000_000),
                knownAt: EventTime(microseconds: known * 1_000_000), values: values)
        }
        let encoded = state.encoded
        #expect(try ViewState(layout, encoded: encoded).encoded == encoded)
        return hexadecimal(encoded)
    }

    private static func aggregate(
        _ function: AggregateFunction, _ input: TypedExpression?, _ window: Window
    ) -> ViewFeatures {
        let type = try? function.resultType(of: input?.type)
        return .aggregates([
            AggregateFeature(
                name: "f", function: function, input: input, filter: nil, window: window,
                type: type ?? .null, digest: digest)
        ])
    }

    private static func latest(_ expression: TypedExpression) -> LatestFeature {
        LatestFeature(
            name: expression.canonicalText, expression: expression, digest: digest)
    }

    private static func view(_ features: ViewFeatures) -> ViewPlan {
        ViewPlan(
            name: "view", entity: "thing",
            keys: [KeyPart(name: "key", type: .int64, sourceColumn: "key")],
            source: SourcePlan(
                name: "source", schema: RandomJoin.sourceSchema, computed: [], eventTime: "at",
                knownAt: "known", batch: nil, completeTo: nil, zone: nil),
            filter: nil, admission: Admission(lateness: nil, maxAhead: .minutes(5)),
            refresh: .stream(visibleDelay: .zero), ttl: nil, features: features)
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

import Expressions
import Planning
import Testing
import Values

@Suite("A view's plan")
struct ViewPlanTests {
    @Test("has the standard hop for each length of window")
    func standardHops() throws {
        let windows = [
            "1m": "1m", "1h": "1m", "61m hop 1m": "1m", "2h": "5m", "12h": "5m", "13h": "1h",
            "12d": "1h", "13d": "1d", "52w": "1d",
        ]
        for (window, hop) in windows {
            let view = try sold([("over 1h", "over \(window)")])
            guard case .aggregates(let features) = view.features,
                case .tiled(_, let found) = features[0].window
            else {
                Issue.record("no tiles for \(window)")
                continue
            }
            #expect(found == EventDuration(parsing: hop), "\(window)")
        }
    }

    @Test("admits rows as late as the longest window and its hop reach")
    func defaultLateness() throws {
        #expect(try sold().admission.lateness == .hours(25))
        #expect(try sold().admission.maxAhead == .minutes(5))
        let exact = [("over 24h", "over 24h exact"), ("over 1h", "over 1h hop 1h")]
        #expect(try sold(exact).admission.lateness == .hours(24))
        #expect(try sold([("count() over 1h", "count()")]).admission.lateness == nil)
        let newest = try #require(TestProject.plan().view(named: "newest"))
        #expect(newest.admission.lateness == nil)
        let declared = [("refresh: stream\n", "lateness: 0s\n    refresh: stream\n")]
        #expect(try sold(declared).admission.lateness == .zero)
    }

    @Test("takes the bound of an exact window, 10,000 by default")
    func exactWindows() throws {
        #expect(
            try firstWindow([("over 1h", "over 1h exact")])
                == .exact(length: .hours(1), maxEvents: 10_000))
        #expect(
            try firstWindow([("over 1h", "over 1h exact max_events 7")])
                == .exact(length: .hours(1), maxEvents: 7))
    }

    @Test("names the windows of a list and only those")
    func suffixes() throws {
        let list = try sold([("over 1h", "over [60m, 24h] hop 1m")])
        #expect(list.features.names == ["n_60m", "n_24h", "total"])
        #expect(try sold([("over 1h", "over [1h]")]).features.names == ["n_1h", "total"])
    }

    @Test("reads only what it needs, in the order of the declaration")
    func pruning() throws {
        let source = try sold().source
        #expect(source.schema.fields.map(\.name) == ["shop", "amount", "status", "at"])
        #expect(source.computed.map(\.name) == ["doubled", "sold_at"])
        let newest = try #require(TestProject.plan().view(named: "newest")).source
        #expect(newest.computed.map(\.name) == ["sold_at"])
        let whole = try #require(TestProject.plan().source(named: "sales"))
        #expect(whole.schema.fields.count == 5)
        #expect(whole.computed.map(\.name) == ["doubled", "unused", "sold_at"])
    }

    @Test("knows the types of its features")
    func types() throws {
        let view = try sold([
            (
                "n: count() over 1h",
                "n: last(status, 3) over 1h\n      s: sum(spare)\n      f: min(spare)"
            )
        ])
        #expect(view.features.types == [.list(.string), .int64, .int64, .double])
    }

    @Test("lets a narrower column fill a wider key")
    func wideningKeys() throws {
        let view = try sold([
            ("keys: { shop: string }", "keys: { shop: int64 }"), ("shop: string", "shop: int32"),
        ])
        #expect(view.keys == [KeyPart(name: "shop", type: .int64, sourceColumn: "shop")])
    }

    private func sold(_ lines: [(String, String)] = []) throws -> ViewPlan {
        try #require(TestProject.plan(exchanging: lines).view(named: "sold"))
    }

    private func firstWindow(_ lines: [(String, String)]) throws -> Window? {
        guard case .aggregates(let features) = try sold(lines).features else { return nil }
        return features.first?.window
    }
}

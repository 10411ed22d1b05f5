import Planning
import Testing

@Suite("A feature's digest")
struct DigestTests {
    @Test("is the same in every release")
    func golden() throws {
        #expect(
            try TestProject.digests() == [
                "n": "4b95acb47728c4634b3aef98a07a8cde303a9c7e1ae5690d234df902dee5cb6f",
                "total": "1823a0dc39e28bcacb95755879130d73036c72006edc177223c00fcb14cf59f5",
                "amount": "3cdec92c466158720d653a24d9aebeef64be3c78926e62a9f7ea0018f1dd05ec",
                "status": "1067bbd2cf676c9b24f27358038cb5c59256ebb323912878f2a8e337c00319e3",
                "per_mile": "6b3f0f05214869dc9af0cc1bf71dff2bfd2d77f5d24e81ac7510ff5db2aa338a",
                "twice": "48cbd12c6a6a28a01de3c781a41d419571310132ec9ca57ef84017a320945cbe",
            ])
    }

    @Test("survives what means the same", arguments: Exchange.neutral)
    func survives(_ exchange: Exchange) throws {
        let before = try TestProject.digests()
        let after = try TestProject.digests(exchanging: exchange.lines)
        #expect(after.filter { before[$0.key] != nil } == before)
    }

    @Test("changes with what means something else", arguments: Exchange.meaningful)
    func changes(_ exchange: Exchange) throws {
        let before = try TestProject.digests()
        let after = try TestProject.digests(exchanging: exchange.lines)
        let changed = before.keys.filter { after[$0] != nil && after[$0] != before[$0] }
        #expect(Set(changed) == Set(exchange.changes), "\(exchange)")
    }

    @Test("has 64 hexadecimal digits and an order")
    func text() throws {
        let digests = try TestProject.plan().services[0].digests
        for digest in digests {
            #expect(digest.description.count == 64)
            #expect(digest.description.hasPrefix(digest.short))
        }
        let sorted = digests.sorted().map(\.description)
        #expect(sorted == digests.map(\.description).sorted())
    }
}

/// Lines to exchange in the test project, and the features whose digests change by it.
struct Exchange: Sendable, CustomTestStringConvertible {
    let lines: [(String, String)]
    let changes: [String]

    init(_ old: String, _ new: String, changes: [String] = []) {
        lines = [(old, new)]
        self.changes = changes
    }

    var testDescription: String { lines.map(\.1).joined(separator: "; ") }

    private static let ofView = ["n", "total"]
    private static let ofNewest = ["amount", "status", "per_mile", "twice"]
    private static let all = ofView + ofNewest

    static let neutral = [
        Exchange("count() over 1h", "count( )  over 60m hop 1m   # said in full"),
        Exchange("sum(doubled) where amount > 0", "sum((doubled)) where (amount > 0)"),
        Exchange("status != 'void'", "\"(status <> 'void')\""),
        Exchange("every 1h delay 10m", "every 60m delay 600s"),
        Exchange("ttl: 1d", "ttl: 24h"),
        Exchange("refresh: stream\n", "max_ahead: 5m\n    refresh: stream\n"),
        Exchange("refresh: stream\n", "visible_delay: 0s\n    refresh: stream\n"),
        Exchange("event_time: sold_at", "zone: UTC\n    event_time: sold_at"),
        Exchange("event_time: sold_at", "owner: me\n    event_time: sold_at\n    tags: [a]"),
        Exchange("data/sales", "elsewhere/sales"),
        Exchange(
            "event_time: sold_at", "complete_to: 2024-01-31T10:00:00Z\n    event_time: sold_at"),
        Exchange(
            "batch:\n",
            "stream:\n      kafka: { topic: t, format: json }\n    batch:\n"),
        Exchange("amount: double\n      status: string", "status: string\n      amount: double"),
        Exchange("spare: int64", "spare: int32"),
        Exchange("unused: spare + 1", "unused: spare + 2"),
        Exchange("project: shop", "project: other"),
        Exchange("name: sold\n", "description: what was sold\n    name: sold\n"),
        Exchange("n: count() over 1h\n", "n: count() over 1h\n      more: max(amount)\n"),
        Exchange("amount: amount\n", "amount: amount\n      added: spare\n"),
        Exchange(
            "event_time: sold_at",
            "expect:\n      - not_null: spare\n      - unique: [shop, at]\n"
                + "        action: warn\n    event_time: sold_at"),
        Exchange(
            "refresh: stream\n", "expect:\n      - freshness: 2d\n    refresh: stream\n"),
    ]

    static let meaningful = [
        Exchange("count() over 1h", "count() over 2h", changes: ["n"]),
        Exchange("count() over 1h", "count() over 1h hop 5m", changes: ["n"]),
        Exchange("count() over 1h", "count() over 1h exact", changes: ["n"]),
        Exchange("count() over 1h", "count() over 1h exact max_events 5", changes: ["n"]),
        Exchange("count() over 1h", "count()", changes: ["n"]),
        Exchange("count() over 1h", "count(amount) over 1h", changes: ["n"]),
        Exchange("count() over 1h", "count() where amount > 0 over 1h", changes: ["n"]),
        Exchange("sum(doubled)", "mean(doubled)", changes: ["total"]),
        Exchange("sum(doubled)", "sum(amount)", changes: ["total"]),
        Exchange("where amount > 0 ", "where 0 < amount ", changes: ["total"]),
        Exchange("doubled: amount * 2", "doubled: amount * 3", changes: ["total"]),
        Exchange("at + minutes(1)", "at + minutes(2)", changes: all),
        Exchange("event_time: sold_at", "event_time: at", changes: all),
        Exchange(
            "event_time: sold_at", "zone: Europe/Paris\n    event_time: sold_at", changes: all),
        Exchange(
            "event_time: sold_at", "event_time: sold_at\n    known_at: sold_at", changes: all),
        Exchange("status != 'void'", "status != 'Void'", changes: ofView),
        Exchange("    where: status != 'void'\n", "", changes: ofView),
        Exchange(
            "refresh: stream\n", "lateness: 1h\n    refresh: stream\n", changes: ofView),
        Exchange(
            "refresh: stream\n", "lateness: unlimited\n    refresh: stream\n", changes: ofView),
        Exchange("refresh: stream\n", "max_ahead: 6m\n    refresh: stream\n", changes: ofView),
        Exchange(
            "refresh: stream\n", "visible_delay: 1s\n    refresh: stream\n", changes: ofView),
        Exchange("refresh: stream\n", "refresh: every 1h delay 10m\n", changes: ofView),
        Exchange("every 1h delay 10m", "every 1h delay 20m", changes: ofNewest),
        Exchange("every 1h delay 10m", "every 2h delay 10m", changes: ofNewest),
        Exchange(
            "event_time: sold_at",
            "expect:\n      - not_null: spare\n        action: quarantine\n"
                + "    event_time: sold_at", changes: all),
        Exchange(
            "refresh: stream\n",
            "expect:\n      - that: amount > 0\n        action: quarantine\n"
                + "    refresh: stream\n", changes: ofView),
        Exchange("ttl: 1d", "ttl: 2d", changes: ofNewest),
        Exchange("    ttl: 1d\n", "", changes: ofNewest),
        Exchange(
            "amount: double", "amount: float", changes: ["total", "amount", "per_mile", "twice"]),
        Exchange("      status: status", "      status: coalesce(status, '')", changes: ["status"]),
        Exchange("distance: double", "distance: int64", changes: ["per_mile", "twice"]),
        Exchange("amount / distance", "distance / amount", changes: ["per_mile", "twice"]),
        Exchange("per_mile * 2", "per_mile * 3", changes: ["twice"]),
        Exchange("name: sales", "name: sales_v2", changes: all).also(
            "source: sales", "source: sales_v2"),
        Exchange("keys: { shop: string }", "keys: { store: string }", changes: all)
            .also("source: sales", "source: sales\n    keys: { store: shop }"),
        Exchange("name: shop", "name: store", changes: all).also("entity: shop", "entity: store"),
    ]

    private func also(_ old: String, _ new: String) -> Exchange {
        var lines = lines
        lines.append((old, new))
        return Exchange(lines: lines, changes: changes)
    }

    private init(lines: [(String, String)], changes: [String]) {
        self.lines = lines
        self.changes = changes
    }
}

import Foundation
import TestSupport
import Testing

@Suite("Writing over HTTP", .serialized)
struct WriteTests {
    private static let clock = "2026-02-02T12:00:00Z"
    private static let views = """
        views:
          - name: profile
            entity: customer
            source: visits
            refresh: stream
            where: bought is not null
            features:
              bought: bought
              seen_at: visited_at
          - name: daily
            entity: customer
            source: visits
            refresh: every 1d delay 0s
            features:
              seen: visited_at

        """

    private let shop: RedisShop

    init() throws {
        shop = try RedisShop(at: Self.clock) { try $0.edit("views:\n", Self.views) }
    }

    private func serve(_ profile: String, clock: String = WriteTests.clock) throws -> ServeProcess {
        try ServeProcess(
            shop.shop.path, clock: clock, profile: profile, options: ["--allow-writes"])
    }

    private func write(
        _ server: ServeProcess, _ customers: [String], _ bought: [String], _ times: [String],
        created: [String]? = nil
    ) throws -> LoopbackClient.Answer {
        let known = created.map { #","created":\#($0.json)"# } ?? ""
        return try server.post(
            "/write-to-online-store",
            #"{"feature_view_name":"profile","df":{"customer":\#(customers.json),"bought":["#
                + bought.joined(separator: ",")
                + #"],"seen_at":\#(times.map { $0 + "Z" }.json),"event_timestamp":\#(times.json)"#
                + known + "}}")
    }

    private func bought(_ server: ServeProcess, _ customer: String) throws -> String {
        let value = try server.value(of: "profile:bought", #"{"customer":["\#(customer)"]}"#)
        return ["true": "1", "false": "0"][value] ?? value
    }

    @Test(
        "the newest row of an entity wins, whatever comes when", arguments: ["embedded", "shared"])
    func newestWins(profile: String) throws {
        let server = try serve(profile)
        let old = try bought(server, "ada")
        let other = old == "1" ? "false" : "true"
        let answer = try write(
            server, ["ada", "zoe"], [other, "true"], Self.times("11:50", "11:00"))
        #expect(answer.status == 200 && answer.body == "null")
        #expect(try bought(server, "ada") == (other == "true" ? "1" : "0"))
        #expect(try bought(server, "zoe") == "1")
        // An older row changes nothing, in a request of its own or not.
        _ = try write(
            server, ["zoe", "zoe", "zoe"], ["true", "false", "true"],
            Self.times("10:59", "11:01", "10:00"))
        #expect(try bought(server, "zoe") == "0")
        _ = try write(server, ["zoe"], ["true"], Self.times("11:00"))
        #expect(try bought(server, "zoe") == "0")
        #expect(try bought(server, "nobody").contains("null"))
    }

    @Test("ties are broken by known-at and then by values", arguments: ["embedded", "shared"])
    func ties(profile: String) throws {
        let server = try serve(profile)
        let (time, known) = (Self.times("11:00"), Self.times("11:05"))
        for (customer, order) in [("x", ["true", "false"]), ("y", ["false", "true"])] {
            for bought in order {
                _ = try write(server, [customer], [bought], time, created: known)
            }
            #expect(try bought(server, customer) == "1")
        }
        for (customer, order) in [
            ("v", [("false", "11:09"), ("true", "11:08")]),
            ("w", [("true", "11:08"), ("false", "11:09")]),
        ] {
            for (bought, known) in order {
                _ = try write(server, [customer], [bought], time, created: Self.times(known))
            }
            #expect(try bought(server, customer) == "0")
        }
    }

    @Test(
        "a written row survives materializations that have not seen it, and loses to newer ones",
        arguments: ["embedded", "shared"])
    func materializing(profile: String) throws {
        let server = try serve(profile)
        let times = Self.times("11:59", "11:59")
        #expect(try write(server, ["ada", "new"], ["null", "true"], times).status == 200)
        #expect(try bought(server, "new") == "1")
        let later = "2026-02-02T18:00:00Z"
        let materialized = try server.post(
            "/materialize", #"{"start_ts":null,"end_ts":"\#(later)","feature_views":["profile"]}"#)
        #expect(materialized.status == 200 && materialized.body == "null", "\(materialized.body)")
        #expect(try bought(server, "new") == "1")
        let after = try serve(profile, clock: later)
        #expect(try bought(after, "new") == "1")
        // The visits of that afternoon are newer than what was written.
        let seen = try after.value(of: "profile:seen_at", #"{"customer":["ada"]}"#)
        #expect(Double(seen).map { $0 > 1_770_033_540 } == true, "\(seen)")
    }

    @Test("views that cannot be written to are refused by name, with what to do instead")
    func refusals() throws {
        let server = try serve("embedded")
        func refused(_ view: String, _ columns: String) throws -> LoopbackClient.Answer {
            try server.post(
                "/write-to-online-store", #"{"feature_view_name":"\#(view)","df":{\#(columns)}}"#)
        }
        let row = #""customer":["ada"],"bought":[true],"event_timestamp":["2026-02-02T11:00:00"]"#
        let aggregates = try refused("customer_orders", row)
        #expect(aggregates.status == 400)
        #expect(aggregates.body.contains("customer_orders' has aggregates"))
        let daily = try refused("daily", row)
        #expect(daily.status == 400 && daily.body.contains("as of its cut"))
        #expect(try refused("profiles", row).status == 404)
        #expect(try refused("profile", row).body.contains("'seen_at' is missing"))
        let full = row + #","seen_at":[null]"#
        #expect(try refused("profile", full + #","spent":[1]"#).body.contains("no column 'spent'"))
        #expect(try refused("profile", full.replacing("11:00:00", with: "12:06:00")).status == 400)
        #expect(try refused("profile", full.replacing("\"ada\"", with: "null")).status == 400)
        #expect(try refused("profile", full.replacing("true", with: "1")).status == 400)
        #expect(try refused("profile", full).status == 200)
        let push = try server.post("/push", #"{"push_source_name":"visits","df":{\#(row)}}"#)
        #expect(push.status == 400 && push.body.contains("daily"))
        let offline = try server.post(
            "/push", #"{"push_source_name":"visits","to":"offline","df":{\#(row)}}"#)
        #expect(offline.status == 501 && offline.body.contains("materialize"))
        let reading = try shop.serve(from: "embedded", clock: Self.clock)
        let denied = try reading.post(
            "/write-to-online-store", #"{"feature_view_name":"profile","df":{\#(full)}}"#)
        #expect(denied.status == 501 && denied.body.contains("--allow-writes"))
    }

    @Test(
        "pushed rows go through the source's columns and the view's filter",
        arguments: ["embedded", "shared"])
    func pushing(profile: String) throws {
        try shop.shop.edit("refresh: every 1d delay 0s", "refresh: stream")
        try shop.shop.run("apply")
        try shop.materialize(at: Self.clock)
        let server = try serve(profile)
        let answer = try server.post(
            "/push",
            #"{"push_source_name":"visits","df":{"customer":["kim","kim","lou"],"#
                + #""visited_at":["2026-02-02T11:00:00","2026-02-02T11:30:00","2026-02-02T10:00:00Z"],"#
                + #""bought":[true,null,false]}}"#)
        #expect(answer.status == 200 && answer.body.isEmpty, "\(answer.body)")
        #expect(try bought(server, "kim") == "1")
        #expect(try bought(server, "lou") == "0")
        // 'daily' has no filter, and no use for one of the columns.
        let seen = try server.value(of: "daily:seen", #"{"customer":["kim"]}"#)
        #expect(Double(seen) == 1_770_031_800)
        let strange = try server.post(
            "/push", #"{"push_source_name":"visits","df":{"customer":["kim"],"age":[1]}}"#)
        #expect(strange.status == 400 && strange.body.contains("no column 'age'"))
    }

    private static func times(_ hours: String...) -> [String] {
        hours.map { "2026-02-02T\($0):00" }
    }
}

extension [String] {
    fileprivate var json: String { "[" + map { "\"\($0)\"" }.joined(separator: ",") + "]" }
}

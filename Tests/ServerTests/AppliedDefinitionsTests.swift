import Testing

@Suite("roost serve and what is applied", .serialized)
struct AppliedDefinitionsTests {
    private let ada = #"{"customer":["ada"]}"#

    @Test("answers as applied when a file changed, and says so; the next start after apply follows")
    func changedFile() throws {
        let shop = try ServedShop()
        try shop.run("apply")
        try shop.run("train", "next_order")
        try shop.run("materialize", "--at", ServedShop.clock)
        let prediction = #"{"model":"next_order","entities":\#(ada)}"#
        var server = try ServeProcess(shop.path, clock: ServedShop.clock)
        #expect(!server.said.contains("note:"))
        let spent = try server.value(of: "customer_orders:spent", ada)
        let predicted = try server.post("/predict", prediction)
        #expect(predicted.status == 200, "\(predicted.body)")

        try shop.edit("spent: sum(amount) over 30d", "spent: max(amount) over 60d")
        server = try ServeProcess(shop.path, clock: ServedShop.clock)
        #expect(server.said.contains("1 feature changed, 1 service changed"), "\(server.said)")
        #expect(try server.value(of: "customer_orders:spent", ada) == spent)
        #expect(try server.post("/predict", prediction).body == predicted.body)

        try shop.run("apply", "--allow-breaking")
        server = try ServeProcess(shop.path, clock: ServedShop.clock)
        #expect(!server.said.contains("note:") && server.said.contains("is refused"))
        let refused = try server.post("/predict", prediction)
        #expect(refused.status == 409 && refused.body.contains("customer_orders__spent"))
        #expect(try server.value(of: "customer_orders:spent", ada).hasPrefix("409"))
        try shop.run("materialize", "--at", ServedShop.clock)
        #expect(try server.value(of: "customer_orders:spent", ada) == "40.0")
        #expect(spent != "40.0")
    }

    @Test("serves what is applied although the files are broken or gone")
    func brokenFiles() throws {
        let shop = try ServedShop()
        try shop.run("apply")
        try shop.run("materialize", "--at", ServedShop.clock)
        for (broken, reason) in [("views: [", "they have"), ("", "they")] {
            try shop.write("feature-definitions/shop.yaml", broken)
            let server = try ServeProcess(shop.path, clock: ServedShop.clock)
            #expect(server.said.contains("note:") && server.said.contains(reason))
            #expect(try server.value(of: "customer_orders:last_amount", ada) == "3.0")
            #expect(server.stop() == 0)
        }
    }
}

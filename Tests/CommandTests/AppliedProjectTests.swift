import Foundation
import TestSupport
import Testing

@Suite("Commands that work from what is applied", .serialized)
struct AppliedProjectTests {
    private let folder: TemporaryFolder
    private var shop: String { folder.file("shop") }
    private var definitions: URL { URL(filePath: shop + "/feature-definitions/shop.yaml") }
    private let time = "2026-02-02T12:00:00Z"

    init() throws {
        folder = try TemporaryFolder()
        #expect(try RoostProcess.run("init", "shop", in: folder.path).exitCode == 0)
        #expect(
            try RoostProcess.run(
                "import", "csv", "input/orders.csv", "--source", "orders", in: shop
            ).exitCode == 0)
    }

    private func edit(_ text: String, _ other: String) throws {
        let old = try String(contentsOf: definitions, encoding: .utf8)
        try Data(old.replacing(text, with: other).utf8).write(to: definitions)
    }

    @Test("refuse a project of which nothing is applied, and name the remedy")
    func nothingApplied() throws {
        for words in [
            ["materialize", "--at", time], ["get", "next_order", "customer=ada"], ["serve"],
            ["train", "next_order"],
        ] {
            let run = try RoostProcess.start(words, in: shop).finish()
            #expect(run.exitCode == 2, "\(words)")
            #expect(run.errors.contains("nothing is applied") && run.errors.contains("roost apply"))
        }
        #expect(!FileManager.default.fileExists(atPath: shop + "/.roost"))
    }

    @Test("say on standard error what differs, and keep to what is applied")
    func differing() throws {
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        let quiet = try RoostProcess.run("materialize", "--at", time, in: shop)
        #expect(quiet.exitCode == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
        let asked = ["get", "next_order", "customer=ada", "--clock", time, "--json"]
        let before = try RoostProcess.start(asked, in: shop).finish()
        try edit("sum(amount) over 30d", "max(amount) over 30d")
        let after = try RoostProcess.start(asked, in: shop).finish()
        #expect(after.output == before.output && after.exitCode == 0)
        #expect(after.errors.contains("note:") && after.errors.contains("1 feature changed"))
        #expect(try RoostProcess.run("materialize", "--at", time, in: shop).exitCode == 99)
    }

    @Test("keep quiet about comments, and not about where rows are stored")
    func comments() throws {
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        try edit("project: shop", "# ours\nproject: shop")
        let quiet = try RoostProcess.run("materialize", "--at", time, in: shop)
        #expect(quiet.exitCode == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
        try edit("parquet: data/orders", "parquet: data/elsewhere")
        let noted = try RoostProcess.run("materialize", "--at", time, in: shop)
        #expect(noted.exitCode == 99 && noted.errors.contains("where rows are stored"))
    }
}

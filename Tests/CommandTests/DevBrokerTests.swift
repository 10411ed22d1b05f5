import Foundation
import TestSupport
import Testing
import Values

@Suite("roost dev-broker and roost publish", .serialized)
struct DevBrokerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("take the rows of a source, until the broker is told to end")
    func publishing() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        for run in try shop.importRows() { try #require(run.exitCode == 0, "\(run.errors)") }
        let nowhere = try shop.run(["publish", "trades"])
        #expect(nowhere.exitCode == 2 && nowhere.errors.contains("nobody says where Kafka is"))
        let broker = try RoostProcess.start(
            ["dev-broker", "--topic", "trades:2", "--address-file", ".roost/run/kafka", "--json"],
            in: shop.path)
        let address = try waitForFile(shop.file(".roost/run/kafka"), of: broker)
        #expect(address.hasPrefix("127.0.0.1:") && address.hasSuffix("\n"))
        try shop.write(
            "roost.yaml", "profiles:\n  embedded:\n    kafka: '\(address.dropLast())'\n")
        let none = try shop.run(["publish", "asks"])
        #expect(none.exitCode == 2 && none.errors.contains("has no topic"), "\(none.errors)")
        let definitions = try String(
            contentsOfFile: shop.file("feature-definitions/trade.yaml"), encoding: .utf8)
        let stream =
            "\n    stream:\n      kafka: { topic: trades, format: json, keyed_by: [buyer] }"
        try shop.write(
            "feature-definitions/trade.yaml",
            definitions.replacing("parquet: data/trades", with: "parquet: data/trades" + stream))
        let sent = try shop.run(["publish", "trades", "--to", TradeProject.early])
        #expect(sent.exitCode == 0, "\(sent.errors)")
        #expect(sent.json["rows"] as? Int == rows(before: TradeProject.early), "\(sent.output)")
        #expect(sent.json["topic"] as? String == "trades")
        let slow = try RoostProcess.run(
            "publish", "trades", "--to", TradeProject.early, "--rate", "100000", "--brokers",
            String(address.dropLast()), in: shop.path)
        #expect(slow.output.hasPrefix("published "), "\(slow.output) \(slow.errors)")
        let doctor = try RoostProcess.run("doctor", in: shop.path)
        #expect(doctor.output.contains("topic trades"), "\(doctor.output)")
        #expect(doctor.output.contains("it has 2 partitions"), "\(doctor.output)")
        broker.process.terminate()
        let ended = broker.finish()
        #expect(ended.exitCode == 0, "\(ended.errors)")
        let first = ended.output.split(separator: "\n").first ?? ""
        let start = try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]
        #expect(start?["brokers"] as? String == String(address.dropLast()))
        #expect((start?["limits"] as? [String])?.count == 4)
        #expect(!FileManager.default.fileExists(atPath: shop.file(".roost/run/kafka")))
    }

    @Test("refuse what is no topic")
    func topics() throws {
        for text in ["a", "a:", "a:0", "a b:1", ":1", "a:1:2", "a:2000"] {
            let run = try RoostProcess.run("dev-broker", "--topic", text, in: folder.path)
            #expect(run.exitCode == 2 && run.errors.contains("is no topic"), "\(text)")
        }
    }

    private func rows(before time: String) -> Int {
        let times = TradeProject.Trade.all.map { TradeProject.Trade.time(minutes: $0.minute) }
        return times.filter { $0.description < time }.count
    }

    /// Waits until the program has written a file.
    private func waitForFile(_ path: String, of running: RoostProcess.Running) throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if let text = try? String(contentsOfFile: path, encoding: .utf8) { return text }
            try #require(running.process.isRunning, "it ended")
            _ = RunLoop.current.run(mode: .default, before: Date(timeIntervalSinceNow: 0.02))
        }
        throw JudgeProcess.Failure(description: "no \(path)")
    }
}

import Foundation
import Server
import TestSupport
import Testing

/// A running `roost serve` on a port of its choice.
final class ServeProcess {
    /// What it said until it served.
    let said: String
    let client: LoopbackClient
    let address: ListenAddress
    let process = Process()
    private let errors = Pipe()

    init(
        _ project: String, clock: String, loops: Int? = nil, profile: String? = nil,
        options: [String] = []
    ) throws {
        process.executableURL = URL(filePath: Self.program)
        process.arguments = [
            "serve", "--listen", "127.0.0.1:0", "--clock", clock, "--project", project,
        ]
        process.arguments? += options
        if let profile { process.arguments? += ["--profile", profile] }
        if let loops { process.arguments? += ["--loops", "\(loops)"] }
        process.standardError = errors
        process.standardOutput = Pipe()
        try process.run()
        said = Self.read(errors, until: "serving on http://")
        let text = try #require(said.components(separatedBy: "serving on http://").last)
        address = try ListenAddress(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines))
        client = try LoopbackClient(address)
    }

    deinit { process.terminate() }

    /// Reads what it says on until `text` and the end of that line.
    func hear(until text: String) -> String { Self.read(errors, until: text) }

    private static func read(_ pipe: Pipe, until text: String) -> String {
        var said = ""
        while !said.contains(text) || !said.hasSuffix("\n") {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            said += String(decoding: data, as: UTF8.self)
        }
        return said
    }

    /// Posts JSON and waits for the answer.
    func post(_ path: String, _ body: String) throws -> LoopbackClient.Answer {
        try client.send(
            "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try client.answer()
    }

    /// Sends SIGTERM and returns the exit code.
    func stop() -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    /// The first value of a feature, as JSON writes it, or the whole answer when it is an error.
    func value(of feature: String, _ entities: String) throws -> String {
        let answer = try post(
            "/get-online-features", #"{"features":["\#(feature)"],"entities":\#(entities)}"#)
        guard answer.status == 200, let json = try answer.json() as? [String: Any],
            let result = (json["results"] as? [[String: Any]])?.last,
            let value = (result["values"] as? [Any])?.first
        else { return "\(answer.status) \(answer.body)" }
        return "\(value)"
    }

    /// The program stands beside the test bundle.
    static var program: String {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = bundle.appending(path: "roost").path(percentEncoded: false)
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return "\(JudgeProcess.packageRoot)/.build/debug/roost"
    }
}

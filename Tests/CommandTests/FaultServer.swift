import Foundation
import TestSupport

/// A `roost serve` that is asked by curl.
final class FaultServer {
    struct Answer: Equatable {
        let status: Int
        let body: String
    }

    /// What it said until it served.
    let said: String
    let address: String
    private let running: RoostProcess.Running

    init(_ project: String) throws {
        running = try RoostProcess.start(
            ["serve", "--listen", "127.0.0.1:0", "--clock", FaultShop.late], in: project)
        var said = ""
        while !said.contains("http://") || !said.hasSuffix("\n") {
            let data = running.errors.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        guard let address = said.components(separatedBy: "http://").dropFirst().first else {
            throw JudgeProcess.Failure(description: "the server does not serve: \(said)")
        }
        self.said = said
        self.address = address.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit { running.process.terminate() }

    /// The status and the body that a POST of `json` gets.
    func post(_ path: String, _ json: String) throws -> Answer {
        try curl(path, ["--data", json])
    }

    /// The status of `/health`.
    func health() throws -> Int { try curl("/health", []).status }

    private func curl(_ path: String, _ words: [String]) throws -> Answer {
        let output = try JudgeProcess.run(
            "/usr/bin/curl",
            ["--silent", "--max-time", "20", "--write-out", "\n%{http_code}"] + words
                + ["http://\(address)\(path)"])
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        return Answer(
            status: Int(lines.last ?? "") ?? 0, body: lines.dropLast().joined(separator: "\n"))
    }

    /// What the service says of some customers.
    func answer() throws -> String {
        let customers = (0..<40).map { "\($0 * 50)" }.joined(separator: ",")
        let answer = try post(
            "/get-online-features",
            #"{"feature_service":"returns","entities":{"customer":[\#(customers)]}}"#)
        return "\(answer.status) \(answer.body)"
    }

    /// Stops it and returns its exit code.
    func stop() -> Int32 {
        running.process.terminate()
        running.process.waitUntilExit()
        return running.process.terminationStatus
    }
}

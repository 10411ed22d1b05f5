import Foundation
import TestSupport

/// The project of `roost init`, with so many visits that a model can be trained on them.
struct ServedShop {
    static let clock = "2026-03-01T00:00:00Z"
    let folder: TemporaryFolder
    var path: String { folder.file("shop") }

    init() throws {
        folder = try TemporaryFolder()
        try roost("init", path)
        try write("input/visits.csv", Self.visits)
        try write("pipelines/next_order.yaml", Self.pipeline())
        for source in ["orders", "visits"] {
            try run("import", "csv", "\(path)/input/\(source).csv", "--source", source)
        }
    }

    /// Runs a command in the project; an exit code other than 0 is an error.
    func run(_ words: String...) throws { _ = try output(words) }

    /// The same, with what it printed.
    func output(_ words: [String]) throws -> String {
        try JudgeProcess.run(ServeProcess.program, words + ["--project", path])
    }

    private func roost(_ words: String...) throws {
        _ = try JudgeProcess.run(ServeProcess.program, words)
    }

    func write(_ file: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(file)"))
    }

    /// Replaces a text in the definitions.
    func edit(_ old: String, _ new: String) throws {
        let file = "feature-definitions/shop.yaml"
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        try write(file, text.replacing(old, with: new))
    }

    private static var visits: String {
        let rows = (0..<240).map { number in
            let (day, hour) = (number / 12 + 1, number % 12 + 8)
            let customer = ["ada", "bob", "cyd"][number % 3]
            let time = "2026-02-\(day < 10 ? "0" : "")\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z"
            return "\(customer),\(time),\(number % 3 == 0)"
        }
        return (["customer,visited_at,bought"] + rows).joined(separator: "\n") + "\n"
    }

    /// A pipeline that trains so many rounds.
    static func pipeline(rounds: Int = 5) -> String {
        """
        name: next_order
        service: next_order
        spine:
          source: visits
          time: visited_at
        label: bought
        split:
          train: [2026-02-01, 2026-02-11]
          validate: [2026-02-11, 2026-02-16]
          test: [2026-02-16, 2026-02-21]
        trainer:
          kind: xgboost
          rounds: \(rounds)
          early_stopping: 0

        """
    }
}

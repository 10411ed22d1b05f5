import Foundation

/// One run of the program that the package builds.
struct RoostProcess {
    let exitCode: Int32
    let output: String
    let errors: String

    /// The last line of the output as JSON.
    var json: [String: Any] {
        let line = output.split(separator: "\n").last ?? ""
        let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
        return value as? [String: Any] ?? [:]
    }

    /// Starts the program in `folder`.
    static func start(
        _ arguments: [String], in folder: String, environment: [String: String] = [:]
    ) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment
        let running = Running(process: process)
        process.standardOutput = running.output
        process.standardError = running.errors
        try process.run()
        return running
    }

    /// Runs the program in `folder` to its end.
    static func run(
        _ arguments: String..., in folder: String, environment: [String: String] = [:]
    ) throws -> RoostProcess {
        try start(arguments, in: folder, environment: environment).finish()
    }

    /// The program stands beside the test bundle.
    private static var program: String {
        let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = bundle.appending(path: "roost").path(percentEncoded: false)
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appending(path: ".build/debug/roost").path(percentEncoded: false)
    }

    /// A run that has not ended yet.
    struct Running {
        let process: Process
        let output = Pipe()
        let errors = Pipe()

        func finish() -> RoostProcess {
            let output = output.fileHandleForReading.readDataToEndOfFile()
            let errors = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return RoostProcess(
                exitCode: process.terminationStatus,
                output: String(decoding: output, as: UTF8.self),
                errors: String(decoding: errors, as: UTF8.self))
        }
    }
}

import Foundation

/// Runs a program of another project that judges what this one wrote.
public struct JudgeProcess: Sendable {
    /// A failure of the judge, or a judgement against us.
    public struct Failure: Error, CustomStringConvertible {
        /// What the judge said.
        public let description: String

        /// Makes a failure.
        public init(description: String) { self.description = description }
    }

    /// The package's folder, found from where this file stands.
    public static let packageRoot: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// Runs a Python script under `Tests/Judges`.
    ///
    /// - Parameters:
    ///   - script: the file's name.
    ///   - arguments: its arguments.
    /// - Returns: what it printed.
    /// - Throws: `Failure` when the interpreter is missing or the script ends with an error.
    public static func python(_ script: String, _ arguments: [String]) throws -> String {
        let interpreter = "\(packageRoot)/.build/judges/bin/python"
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw Failure(
                description: "no interpreter at .build/judges/bin/python; run `make test`, "
                    + "which installs the judges")
        }
        return try run(interpreter, ["\(packageRoot)/Tests/Judges/\(script)"] + arguments)
    }

    /// Runs a program to its end and returns what it printed.
    public static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        let errors = FileManager.default.temporaryDirectory
            .appendingPathComponent("judge-\(UUID().uuidString).err")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaint = try String(contentsOf: errors, encoding: .utf8)
            throw Failure(
                description: "\(program) \(arguments.joined(separator: " ")) ended with "
                    + "\(process.terminationStatus): \(complaint)")
        }
        return String(decoding: printed, as: UTF8.self)
    }
}

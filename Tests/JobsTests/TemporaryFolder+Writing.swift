import TestSupport

@testable import Jobs

extension TemporaryFolder {
    /// Writes `text` to the file `name` and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    /// Writes `bytes` to the file `name` and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let target = file(name)
        try FileSystem.makeFolder(Path.parent(of: target))
        try FileSystem.write(bytes, to: target)
        return target
    }
}

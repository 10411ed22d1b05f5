import Glibc

@testable import Jobs

/// A folder of its own for one test, removed when the test lets go of it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/roost-test-XXXXXX".utf8CString)
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }
                .map { unsafe String(cString: $0) } ?? ""
        }
    }

    deinit {
        try? FileSystem.remove(path)
    }

    /// Writes `text` to the file `name` and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    /// Writes `bytes` to the file `name` and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let target = Path.join(path, name)
        try FileSystem.makeFolder(Path.parent(of: target))
        try FileSystem.write(bytes, to: target)
        return target
    }
}

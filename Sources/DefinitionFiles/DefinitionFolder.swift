import Glibc

/// Why a definition file could not be read.
struct DefinitionFileError: Error {
    var message: String
    var hint: String?
}

/// The names of the definition files of a folder, in the order of their bytes.
func definitionFileNames(folder: String) throws(DefinitionFileError) -> [String] {
    guard let directory = unsafe opendir(folder) else {
        throw DefinitionFileError(
            message: "the folder `\(folder)` cannot be read: \(lastSystemError())",
            hint: "definitions are expected in `feature-definitions/` of the project folder")
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name.hasPrefix(".") { continue }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
}

/// The bytes of a file, but not more than one byte beyond the greatest size of a definition.
func readDefinitionFile(_ path: String) throws(DefinitionFileError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= YAMLDocument.greatestSize {
        let count = unsafe chunk.withUnsafeMutableBytes { chunk in
            unsafe read(descriptor, chunk.baseAddress, chunk.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw unreadable(path) }
        if count == 0 { break }
        bytes.append(contentsOf: chunk.prefix(count))
    }
    return bytes
}

private func unreadable(_ path: String) -> DefinitionFileError {
    DefinitionFileError(
        message: "the file `\(path)` cannot be read: \(lastSystemError())",
        hint: "check the path; it is relative to the folder the command runs in")
}

private func lastSystemError() -> String {
    guard let text = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: text)
}

import Glibc
import Synchronization

/// Where sorted files are kept that have no name, so that they go with the process, however it
/// ends.
final class SpillFolder: Sendable {
    private let path: String
    private let runCount = Atomic<Int>(0)

    /// Uses the folder at `path`, which must exist.
    init(path: String) {
        self.path = path
    }

    /// Starts a file.
    func newRun() throws(JobError) -> SpilledRun {
        let number = runCount.wrappingAdd(1, ordering: .relaxed).newValue
        let file = Path.join(path, ".spill-\(getpid())-\(number)")
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = unsafe open(file, flags, 0o600)
        guard descriptor >= 0 else { throw FileSystem.systemError("cannot write", file) }
        unsafe unlink(file)
        return SpilledRun(descriptor: descriptor, path: path)
    }
}

/// Keys and states in ascending order of their keys, on disk: of each the length of the key and of
/// the state (8 bytes each), the key, the state. Written by one thread, then read by one.
// SAFETY: a run is written by the worker that made it and read after all workers have ended.
final class SpilledRun: @unchecked Sendable {
    private static let blockSize = 1 << 20

    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var position = 0

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    func append(_ key: [UInt8], _ value: [UInt8]) throws(JobError) {
        for count in [key.count, value.count] {
            for shift in stride(from: 0, to: 64, by: 8) {
                buffer.append(UInt8(truncatingIfNeeded: count >> shift))
            }
        }
        buffer += key
        buffer += value
        if buffer.count >= Self.blockSize { try flush() }
    }

    /// Ends writing and goes back to the beginning.
    func finish() throws(JobError) {
        try flush()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw FileSystem.systemError("cannot read in", path)
        }
    }

    /// The next key and state, or nil at the end.
    func next() throws(JobError) -> (key: [UInt8], value: [UInt8])? {
        guard try fill(16) else { return nil }
        let keyCount = readCount()
        let valueCount = readCount()
        guard try fill(keyCount + valueCount) else {
            throw JobError(.failure, "a temporary file in \(path) ends too early")
        }
        defer { position += keyCount + valueCount }
        let middle = position + keyCount
        return (Array(buffer[position..<middle]), Array(buffer[middle..<middle + valueCount]))
    }

    private func readCount() -> Int {
        defer { position += 8 }
        return buffer[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func flush() throws(JobError) {
        guard FileSystem.writeAll(buffer, to: descriptor) else {
            throw FileSystem.systemError("cannot write in", path)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Has at least `count` bytes at hand; false at the end of the file.
    private func fill(_ count: Int) throws(JobError) -> Bool {
        while buffer.count - position < count {
            buffer.removeFirst(position)
            position = 0
            var block = [UInt8](repeating: 0, count: max(Self.blockSize, count))
            let size = unsafe block.withUnsafeMutableBytes { bytes in
                unsafe read(descriptor, bytes.baseAddress, bytes.count)
            }
            if size < 0, errno == EINTR { continue }
            guard size >= 0 else { throw FileSystem.systemError("cannot read in", path) }
            if size == 0 { return false }
            buffer += block[..<size]
        }
        return true
    }
}

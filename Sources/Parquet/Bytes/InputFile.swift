import Columns
import Glibc

/// A file opened for positioned reads, which may happen on any number of threads at once.
final class InputFile: Sendable {
    let path: String
    /// The size in bytes when the file was opened.
    let size: Int
    private let descriptor: Int32

    init(path: String) throws(ParquetError) {
        self.path = path
        // Without O_NONBLOCK, opening a pipe would wait for its writer.
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw ParquetError(.io, "cannot open it: \(systemMessage(errno))")
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ParquetError(.io, "it is no regular file")
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// `count` bytes from `offset`.
    func read(at offset: Int, count: Int) throws(ParquetError) -> ByteRegion {
        guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
            throw .truncated("\(count) bytes at \(offset) lie outside its \(size) bytes")
        }
        return try unsafe ByteRegion(count: count) { bytes throws(ParquetError) in
            try unsafe fill(bytes, from: offset)
        }
    }

    private func fill(
        _ bytes: UnsafeMutableRawBufferPointer, from offset: Int
    ) throws(ParquetError) {
        guard let base = bytes.baseAddress else { return }
        var done = 0
        while done < bytes.count {
            let got = unsafe pread(descriptor, base + done, bytes.count - done, offset + done)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw ParquetError(.io, "reading at \(offset + done): \(systemMessage(errno))")
            }
            guard got > 0 else { throw .truncated("it became shorter while it was read") }
            done += got
        }
    }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
}

import CZlib

/// A file read from its start to its end; gzip is unpacked on the way, other files pass unchanged.
///
/// Wraps zlib's `gzFile`. Not for several threads at a time.
@safe
struct GzipFile: ~Copyable {
    private let handle: gzFile
    private let path: String

    /// Opens the file at `path`.
    init(path: String) throws(JobError) {
        guard let handle = unsafe gzopen(path, "rb") else {
            throw FileSystem.systemError("cannot read", path)
        }
        unsafe gzbuffer(handle, 1 << 18)
        unsafe self.handle = handle
        self.path = path
    }

    deinit {
        unsafe gzclose(handle)
    }

    /// Appends up to `count` unpacked bytes to `bytes`; appends nothing at the end of the file.
    func read(_ count: Int, appendingTo bytes: inout [UInt8]) throws(JobError) {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        let received = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe gzread(handle, buffer.baseAddress?.advanced(by: start), UInt32(count))
        }
        bytes.removeLast(count - max(0, Int(received)))
        var status: Int32 = Z_OK
        let detail = unsafe gzerror(handle, &status).map { unsafe String(cString: $0) } ?? ""
        guard received >= 0, status == Z_OK || status == Z_STREAM_END else {
            throw JobError(
                .failure, "\(path) is damaged: \(detail)",
                hint: "the file is cut short or altered; fetch it again")
        }
    }
}

import Glibc

/// Standard output and standard error.
///
/// A reader that closes its end early, such as `head`, is no failure: what it does not want to
/// read is dropped.
struct Console {
    /// Whether standard output is a terminal, and so may be coloured.
    let isTerminal = isatty(STDOUT_FILENO) == 1

    /// Writes a line to standard output.
    func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    func complain(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Writes `text` over the line of the terminal that standard error is.
    func complainInPlace(_ text: String) { write("\r\u{1B}[K" + text, to: STDERR_FILENO) }

    /// `text` in bold on a terminal.
    func bold(_ text: String) -> String { isTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// `text` in red, when standard error is a terminal.
    func alarming(_ text: String) -> String {
        isatty(STDERR_FILENO) == 1 ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }
}

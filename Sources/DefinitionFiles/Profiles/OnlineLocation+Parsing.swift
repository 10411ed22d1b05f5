import Definitions
import Values

extension OnlineLocation {
    private static let smallest = 1 << 20
    private static let units = ["KiB": 10, "MiB": 20, "GiB": 30, "TiB": 40]

    /// Reads `PATH` or `PATH?size=64GiB`, as written at `location`.
    init(lmdb text: String, at location: Name, _ diagnostics: inout Diagnostics) {
        let parts = text.split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self = .lmdb(path: String(parts[0]))
        guard parts.count == 2 else { return }
        guard parts[1].hasPrefix("size="), let size = Self.size(parts[1].dropFirst(5)) else {
            diagnostics.report(
                location.diagnostic(
                    "`\(parts[1])` is no setting of the online store",
                    hint: "write how many bytes it may get, at least 1MiB: `?size=64GiB`"))
            return
        }
        self = .lmdb(path: String(parts[0]), greatestSize: size)
    }

    private static func size(_ text: Substring) -> Int? {
        guard let shift = units[String(text.suffix(3))], let count = Int(text.dropLast(3)),
            count > 0, count.leadingZeroBitCount > shift, count << shift >= smallest
        else { return nil }
        return count << shift
    }
}

import Stores
public import Values

/// Which state of the offline store a data set is built from.
public enum KnownPoint: Hashable, Sendable {
    /// As it was at a time of the clock.
    case time(EventTime)
    /// As it was after so many commits to each source's log.
    case version(Int)
    /// As it was after so many commits to the log of each source named.
    case versions([String: Int])

    /// Reads `TIME`, `N`, or `SOURCE=N,SOURCE=N`.
    ///
    /// - Throws: `usage` for anything else.
    public init(parsing text: String) throws(JobError) {
        if let version = Int(text), version > 0 {
            self = .version(version)
            return
        }
        if let time = try? EventTime(parsing: text) {
            self = .time(time)
            return
        }
        var versions: [String: Int] = [:]
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: "=").map(String.init)
            guard parts.count == 2, let version = Int(parts[1]), version > 0,
                versions.updateValue(version, forKey: parts[0]) == nil
            else {
                throw JobError(
                    .usage, "'\(text)' says no state of the offline store",
                    hint: "write a time (2026-02-01T00:00:00Z), a version (3), or versions of "
                        + "sources (orders=3,visits=1)")
            }
        }
        self = .versions(versions)
    }

    /// The state of the log of `source`.
    ///
    /// - Throws: `usage` when nothing is said about it.
    func point(of source: String) throws(JobError) -> LogPoint {
        switch self {
        case .time(let time): return .time(time)
        case .version(let version): return .version(version)
        case .versions(let versions):
            guard let version = versions[source] else {
                throw JobError(
                    .usage, "--as-known-at names no version of the source '\(source)'",
                    hint: "add \(source)=N")
            }
            return .version(version)
        }
    }
}

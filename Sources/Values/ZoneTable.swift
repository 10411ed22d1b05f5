/// The offsets of a time zone from UTC over time.
public struct ZoneTable: Hashable, Sendable {
    /// When the offset changes, in seconds since the epoch, ascending.
    private let transitions: [Int64]
    /// Seconds east of UTC: before the first transition, then from each transition on.
    private let offsets: [Int64]

    /// Coordinated Universal Time.
    public static let utc = ZoneTable(transitions: [], offsets: [0])

    /// Wraps parsed transitions; there must be one offset more than transitions.
    public init(transitions: [Int64], offsets: [Int64]) {
        precondition(offsets.count == transitions.count + 1)
        self.transitions = transitions
        self.offsets = offsets
    }

    /// The instant that a clock in the zone shows as `local`; both in microseconds.
    ///
    /// A time that the clock shows twice is the earlier of the two; a time that it skips is read
    /// with the offset before the gap.
    public func instant(ofLocal local: Int64) -> Int64 {
        let seconds = local >= 0 ? local / 1_000_000 : (local - 999_999) / 1_000_000
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            let before = max(offsets[middle], offsets[middle + 1])
            if seconds >= transitions[middle] + before { low = middle + 1 } else { high = middle }
        }
        return local - offsets[low] * 1_000_000
    }

    /// Seconds east of UTC at `seconds` since the epoch. Complexity: O(log transitions).
    public func offset(atSecond seconds: Int64) -> Int64 {
        if transitions.isEmpty { return offsets[0] }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return offsets[low]
    }
}

extension ZoneTable {
    /// A zone that needs no database: `UTC`, or a fixed offset such as `+01:00`; else nil.
    public init?(fixed name: String) {
        if ["UTC", "Z", "Etc/UTC", "GMT"].contains(name) {
            self = .utc
            return
        }
        guard name.hasPrefix("+") || name.hasPrefix("-"),
            let midnight = try? EventTime(parsing: "1970-01-01T00:00\(name)")
        else { return nil }
        self.init(transitions: [], offsets: [-midnight.microseconds / 1_000_000])
    }
}

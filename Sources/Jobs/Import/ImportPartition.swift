import Columns
import Values

/// How imported rows are spread over folders, by the source's event time in UTC.
public enum ImportPartition: String, CaseIterable, Sendable {
    /// All rows in one folder.
    case none
    /// `ds=2013-01`
    case month
    /// `ds=2013-01-31`
    case day

    /// The folder of rows without an event time: Hive's word for null.
    static let nullFolder = "ds=__HIVE_DEFAULT_PARTITION__"

    /// The folder of the rows at `time`; empty for the target itself.
    func folder(of time: EventTime?) -> String {
        if self == .none { return "" }
        guard let time else { return Self.nullFolder }
        let date = CivilDate(daysSinceEpoch: time.daysSinceEpoch)
        return "ds=" + (self == .day ? "\(date)" : "\(date)".dropLast(3).description)
    }

    /// The rows of each folder, folders in the order of their first row.
    func split(_ times: Column) -> [(folder: String, rows: [Int32])] {
        var groups: [(folder: String, rows: [Int32])] = []
        var positions: [Int64?: Int] = [:]
        for row in 0..<times.count {
            let day = self == .none ? nil : times.day(at: row)
            let position: Int
            if let known = positions[day] {
                position = known
            } else {
                let time = day.map { EventTime(microseconds: $0 * 86_400_000_000) }
                position = groups.place(of: folder(of: time))
                positions[day] = position
            }
            groups[position].rows.append(Int32(row))
        }
        return groups
    }
}

extension [(folder: String, rows: [Int32])] {
    fileprivate mutating func place(of folder: String) -> Int {
        if let known = firstIndex(where: { $0.folder == folder }) { return known }
        append((folder, []))
        return count - 1
    }
}

extension Column {
    fileprivate func day(at row: Int) -> Int64? {
        guard !isNull(row), case .int64(let values) = storage else { return nil }
        return EventTime(microseconds: values[row]).daysSinceEpoch
    }
}

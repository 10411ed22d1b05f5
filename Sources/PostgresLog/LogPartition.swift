import Values

/// A part of a source's table: the rows of one month, or of all times before or after those that
/// have months of their own.
///
/// Months are 30 times fewer than days, so that planning a query over years stays in the
/// milliseconds, and still small enough to be dropped when rows get too old.
struct LogPartition: Hashable, Sendable {
    private static let years: Range<Int64> = 1900..<2200
    /// Room for `_y2013m01` in a table's name.
    static let longestSuffix = 9

    /// The end of the table's name: `y2013m01`, `before` or `after`.
    let name: String
    /// What `FOR VALUES` says.
    let bounds: String

    /// The part that has the rows of `time`.
    init(of time: EventTime) {
        let date = CivilDate(daysSinceEpoch: time.daysSinceEpoch)
        if date.year < Self.years.lowerBound {
            name = "before"
            bounds = "FROM (MINVALUE) TO ('\(Self.years.lowerBound)-01-01 00:00:00+00')"
        } else if date.year >= Self.years.upperBound {
            name = "after"
            bounds = "FROM ('\(Self.years.upperBound)-01-01 00:00:00+00') TO (MAXVALUE)"
        } else {
            let isLast = date.month == 12
            let first = CivilDate(year: date.year, month: date.month, day: 1)
            let next = CivilDate(
                year: isLast ? date.year + 1 : date.year, month: isLast ? 1 : date.month + 1,
                day: 1)
            name = "y\(date.year)m\(date.month < 10 ? "0" : "")\(date.month)"
            bounds = "FROM ('\(first) 00:00:00+00') TO ('\(next) 00:00:00+00')"
        }
    }
}

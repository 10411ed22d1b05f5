/// The rule that a compiled zone ends with, for times after its last listed transition: POSIX's
/// `TZ` with daylight saving, such as `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
    /// Seconds east of UTC in winter and in summer.
    let standard: Int64
    let daylight: Int64
    fileprivate let start: Change
    fileprivate let end: Change

    /// When clocks change: the `week`-th `weekday` (0 = Sunday, week 5 = the last) of `month`, so
    /// many seconds after midnight.
    fileprivate struct Change {
        let month: Int64
        let week: Int64
        let weekday: Int64
        let seconds: Int64
    }

    /// The changes of `year` in order: instants in seconds since the epoch, each with the offset
    /// that it begins.
    func transitions(in year: Int64) -> [(time: Int64, offset: Int64)] {
        let changes = [
            (time: start.local(in: year) - standard, offset: daylight),
            (time: end.local(in: year) - daylight, offset: standard),
        ]
        return changes.sorted { $0.time < $1.time }
    }

    /// Reads the text of a rule; nil for a zone without daylight saving and for forms that count
    /// days of the year.
    init?(_ text: String) {
        let parts = text.split(separator: ",").map(String.init)
        guard parts.count == 3, let start = Change(parts[1]), let end = Change(parts[2]) else {
            return nil
        }
        var names = parts[0][...]
        guard let west = Self.takeOffset(&names) else { return nil }
        standard = -west
        daylight = Self.takeOffset(&names).map { -$0 } ?? standard + 3600
        self.start = start
        self.end = end
    }

    /// Takes a zone's name and the seconds after it; nil when no seconds are written.
    private static func takeOffset(_ text: inout Substring) -> Int64? {
        if text.hasPrefix("<") {
            text = text.drop { $0 != ">" }.dropFirst()
        } else {
            text = text.drop { $0.isLetter }
        }
        let digits = text.prefix { !$0.isLetter && $0 != "<" }
        text = text.dropFirst(digits.count)
        return seconds(String(digits))
    }

    /// Reads `[+-]hh[:mm[:ss]]`.
    fileprivate static func seconds(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let digits = text.drop { $0 == "-" || $0 == "+" }
        let numbers = digits.split(separator: ":").map { Int64($0) }
        guard let hours = numbers.first ?? nil, numbers.count <= 3 else { return nil }
        var total = hours * 3600
        for (number, unit) in zip(numbers.dropFirst(), [60, 1] as [Int64]) {
            guard let number else { return nil }
            total += number * unit
        }
        return isNegative ? -total : total
    }
}

extension ZoneRule.Change {
    /// Reads `Mm.w.d[/time]`.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard let day = parts.first, day.hasPrefix("M") else { return nil }
        let numbers = day.dropFirst().split(separator: ".").compactMap { Int64($0) }
        guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
            (0...6).contains(numbers[2]),
            let seconds = parts.count == 2 ? ZoneRule.seconds(parts[1]) : 7200
        else { return nil }
        self.init(month: numbers[0], week: numbers[1], weekday: numbers[2], seconds: seconds)
    }

    /// The local time of the change in `year`, in seconds since the epoch as if in UTC.
    func local(in year: Int64) -> Int64 {
        let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
        let isDecember = month == 12
        let next = CivilDate(
            year: isDecember ? year + 1 : year, month: isDecember ? 1 : month + 1, day: 1
        ).daysSinceEpoch
        let firstWeekday = ((first + 4) % 7 + 7) % 7
        var day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
        while day >= next { day -= 7 }
        return day * 86_400 + seconds
    }
}

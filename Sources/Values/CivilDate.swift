/// A day of the proleptic Gregorian calendar.
///
/// Conversions follow Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): eras of 400
/// years counted from the first of March. Exact for every day an `EventTime` can lie in.
public struct CivilDate: Hashable, Sendable {
    /// The year; 0 is the year before 1.
    public var year: Int64
    /// The month, 1 to 12.
    public var month: Int64
    /// The day of the month, 1 to 31.
    public var day: Int64

    /// Makes a date of valid parts.
    @inlinable
    public init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date `days` days after 1970-01-01.
    @inlinable
    public init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01; negative before it.
    @inlinable
    public var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day of the year, 1 to 366.
    public var dayOfYear: Int64 {
        daysSinceEpoch - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + 1
    }

    /// The day of the week by ISO 8601: Monday is 1, Sunday is 7.
    public var dayOfWeek: Int64 {
        let remainder = (daysSinceEpoch + 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    /// Whether the parts name a day of the calendar.
    public var isValid: Bool {
        (1...12).contains(month) && day >= 1
            && CivilDate(daysSinceEpoch: daysSinceEpoch) == self
    }
}

extension CivilDate: CustomStringConvertible {
    /// `2013-01-31`; years beyond four digits carry a sign.
    public var description: String {
        var text: [UInt8] = []
        write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends `description`.
    func write(to text: inout [UInt8]) {
        if year < 0 || year > 9999 { text.append(UInt8(ascii: year < 0 ? "-" : "+")) }
        text.append(decimal: year.magnitude, width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: month.magnitude, width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(decimal: day.magnitude, width: 2)
    }
}

/// A day of the proleptic Gregorian calendar.
///
/// The conversions are those of Howard Hinnant, "chrono-compatible low-level date algorithms":
/// years begin in March, so that the day that comes and goes is the last of its year, and 400
/// years are one era of 146,097 days. Exact for every day an `int64` of microseconds reaches.
struct CivilDate {
    static let microsecondsPerDay: Int64 = 86_400_000_000

    let year: Int64
    let month: Int64
    let day: Int64

    /// The day `days` after 1970-01-01.
    @inline(__always)
    init(daysSinceEpoch days: Int64) {
        let shifted = days &+ 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra =
            (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
        month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    }

    /// The day with these numbers; nil when there is none.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), day >= 1 else { return nil }
        self.year = year
        self.month = month
        self.day = day
        let back = CivilDate(daysSinceEpoch: daysSinceEpoch)
        guard back.month == month, back.day == day else { return nil }
    }

    /// Days since 1970-01-01.
    @inline(__always)
    var daysSinceEpoch: Int64 {
        let shiftedYear = month <= 2 ? year &- 1 : year
        let era = shiftedYear.floored(by: 400)
        let yearOfEra = shiftedYear &- era &* 400
        let shiftedMonth = month > 2 ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    /// 1 for the first of January.
    @inline(__always)
    static func dayOfYear(daysSinceEpoch days: Int64) -> Int64 {
        let year = CivilDate(daysSinceEpoch: days).year
        let before = year &- 1
        let leapDays =
            before.floored(by: 4) &- before.floored(by: 100) &+ before.floored(by: 400)
        return days &- (before &* 365 &+ leapDays &- 719_162) &+ 1
    }

    /// 1 for Monday to 7 for Sunday.
    @inline(__always)
    static func dayOfWeek(daysSinceEpoch days: Int64) -> Int64 {
        let shifted = days &+ 3
        return shifted &- shifted.floored(by: 7) &* 7 &+ 1
    }
}

extension Int64 {
    /// The quotient rounded toward minus infinity; `divisor` must be positive.
    @inline(__always)
    func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient &- 1 : quotient
    }
}

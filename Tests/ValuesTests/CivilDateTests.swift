import Testing
import Values

@Suite("Civil dates")
struct CivilDateTests {
    @Test("days follow each other as in the calendar, from year -401 to 2401")
    func walk() {
        var date = CivilDate(year: -401, month: 1, day: 1)
        var days = date.daysSinceEpoch
        var weekday = date.dayOfWeek
        while date.year <= 2401 {
            let isSame = CivilDate(daysSinceEpoch: days) == date && date.daysSinceEpoch == days
            guard isSame, date.isValid, date.dayOfWeek == weekday else {
                Issue.record("day \(days) is \(CivilDate(daysSinceEpoch: days)), not \(date)")
                return
            }
            date = dayAfter(date)
            days += 1
            weekday = weekday % 7 + 1
        }
    }

    @Test("known dates")
    func known() {
        #expect(CivilDate(daysSinceEpoch: 0) == CivilDate(year: 1970, month: 1, day: 1))
        #expect(CivilDate(year: 1970, month: 1, day: 1).dayOfWeek == 4)
        #expect(CivilDate(year: 2024, month: 12, day: 31).dayOfYear == 366)
        #expect(CivilDate(year: 2023, month: 12, day: 31).dayOfYear == 365)
        #expect(CivilDate(year: 2013, month: 1, day: 31).description == "2013-01-31")
        #expect(CivilDate(year: -5, month: 1, day: 31).description == "-0005-01-31")
        #expect(CivilDate(year: 12_013, month: 1, day: 31).description == "+12013-01-31")
    }

    @Test("parts that name no day are not valid")
    func invalid() {
        for (year, month, day) in [
            (2023, 2, 29), (1900, 2, 29), (2023, 4, 31), (2023, 0, 1), (2023, 13, 1), (2023, 1, 0),
            (2023, 1, 32), (2023, 1, -1),
        ] as [(Int64, Int64, Int64)] {
            #expect(!CivilDate(year: year, month: month, day: day).isValid)
        }
    }
}

private func dayAfter(_ date: CivilDate) -> CivilDate {
    let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if date.day < lengths[Int(date.month) - 1] {
        return CivilDate(year: date.year, month: date.month, day: date.day + 1)
    }
    if date.month < 12 { return CivilDate(year: date.year, month: date.month + 1, day: 1) }
    return CivilDate(year: date.year + 1, month: 1, day: 1)
}

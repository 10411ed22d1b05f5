import Values

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar; nil when there is no such
/// date. After Howard Hinnant, "chrono-compatible low-level date algorithms".
func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

/// The date `days` after 1970-01-01; the inverse of `daysSinceEpoch`.
func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// Reads `YYYY-MM-DD`.
func parseDate(_ text: Span<UInt8>) -> ParsedValue<Int32> {
    var cursor = DigitCursor()
    guard let days = cursor.date(text), cursor.position == text.count else { return .malformed }
    return .value(Int32(days))
}

/// Reads ISO 8601: a date, `T` or a blank, `hh:mm`, optional seconds with an optional fraction
/// (floored to microseconds), and a zone: `Z`, `+hh:mm`, `+hhmm` or `+hh`.
///
/// - Parameter zone: what local time means when the text names no zone; nil refuses such a text.
func parseTimestamp(_ text: Span<UInt8>, zone: ZoneTable?) -> ParsedValue<Int64> {
    var cursor = DigitCursor()
    guard let days = cursor.date(text), cursor.take(text, "T", or: " "),
        let time = cursor.timeOfDay(text)
    else { return .malformed }
    let local = Int64(days) * 86_400_000_000 + time
    if cursor.position == text.count {
        guard let zone else { return .zoneMissing }
        return .value(zone.instant(ofLocal: local))
    }
    guard let offset = cursor.zoneOffset(text), cursor.position == text.count else {
        return .malformed
    }
    return .value(local - offset)
}

/// A place in a text made of digits and separators; every step returns nil on another form.
private struct DigitCursor {
    private(set) var position = 0

    mutating func date(_ text: Span<UInt8>) -> Int? {
        guard let year = digits(text, 4), take(text, "-"), let month = digits(text, 2),
            take(text, "-"), let day = digits(text, 2)
        else { return nil }
        return daysSinceEpoch(year: year, month: month, day: day)
    }

    /// Microseconds since midnight.
    mutating func timeOfDay(_ text: Span<UInt8>) -> Int64? {
        guard let hour = digits(text, 2), hour < 24, take(text, ":"),
            let minute = digits(text, 2), minute < 60
        else { return nil }
        var micros = Int64(hour * 60 + minute) * 60_000_000
        guard take(text, ":") else { return micros }
        guard let second = digits(text, 2), second < 60 else { return nil }
        micros += Int64(second) * 1_000_000
        guard take(text, ".", or: ",") else { return micros }
        guard let fraction = fraction(text) else { return nil }
        return micros + fraction
    }

    /// Microseconds east of UTC.
    mutating func zoneOffset(_ text: Span<UInt8>) -> Int64? {
        if take(text, "Z", or: "z") { return 0 }
        let isWest = position < text.count && text[position] == UInt8(ascii: "-")
        guard take(text, "+", or: "-"), let hours = digits(text, 2), hours < 24 else { return nil }
        if position == text.count { return Int64(hours) * (isWest ? -1 : 1) * 3_600_000_000 }
        _ = take(text, ":")
        guard let minutes = digits(text, 2), minutes < 60 else { return nil }
        return Int64(hours * 60 + minutes) * (isWest ? -1 : 1) * 60_000_000
    }

    private mutating func fraction(_ text: Span<UInt8>) -> Int64? {
        var micros: Int64 = 0
        var unit: Int64 = 100_000
        let start = position
        while position < text.count, case let digit = text[position] &- 48, digit <= 9 {
            micros += Int64(digit) * unit
            unit /= 10
            position += 1
        }
        return position > start ? micros : nil
    }

    private mutating func digits(_ text: Span<UInt8>, _ count: Int) -> Int? {
        guard position + count <= text.count else { return nil }
        var total = 0
        for index in position..<position + count {
            let digit = text[index] &- 48
            guard digit <= 9 else { return nil }
            total = total * 10 + Int(digit)
        }
        position += count
        return total
    }

    mutating func take(
        _ text: Span<UInt8>, _ first: Unicode.Scalar, or second: Unicode.Scalar? = nil
    ) -> Bool {
        guard position < text.count else { return false }
        let byte = UInt32(text[position])
        guard byte == first.value || byte == second?.value else { return false }
        position += 1
        return true
    }
}

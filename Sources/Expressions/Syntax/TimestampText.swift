import Values

/// The one spelling of a timestamp in expressions: `2024-01-31T10:00:00[.ffffff](Z|+hh:mm)`.
enum TimestampText {
    /// Reads it; nil for another form, a day that does not exist, no zone, or a year that is not
    /// within 0000...9999 in UTC.
    static func parse(_ text: String) -> EventTime? {
        var digits = DigitReader(Array(text.utf8))
        guard let year = digits.number(4), digits.skip("-"),
            let month = digits.number(2), digits.skip("-"),
            let day = digits.number(2), digits.skip("T"),
            let hour = digits.number(2), digits.skip(":"),
            let minute = digits.number(2), digits.skip(":"),
            let second = digits.number(2),
            let fraction = digits.fraction(), let zone = digits.zone(), digits.isAtEnd,
            hour < 24, minute < 60, second < 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - zone
        guard (0...9_999).contains(CivilDate(daysSinceEpoch: seconds.floored(by: 86_400)).year)
        else { return nil }
        return EventTime(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Writes a time that `parse` can read: in UTC, with as many digits of a second as needed.
    static func describe(_ time: EventTime) -> String {
        let days = time.microseconds.floored(by: CivilDate.microsecondsPerDay)
        let date = CivilDate(daysSinceEpoch: days)
        let micros = time.microseconds - days * CivilDate.microsecondsPerDay
        let seconds = micros / 1_000_000
        var fraction = padded(micros % 1_000_000, 6)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let clock =
            "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(day)T\(clock)\(fraction.isEmpty ? "" : "." + fraction)Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    mutating func digit() -> Int64? {
        guard position < bytes.count, case 48...57 = bytes[position] else { return nil }
        position += 1
        return Int64(bytes[position - 1]) - 48
    }

    mutating func number(_ count: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// Microseconds; 0 when there is no point, nil when one to six digits do not follow it.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        guard var value = digit() else { return nil }
        var scale = 5
        while scale > 0, let digit = digit() {
            value = value * 10 + digit
            scale -= 1
        }
        for _ in 0..<scale { value *= 10 }
        return value
    }

    /// Seconds east of UTC; nil when there is no zone.
    mutating func zone() -> Int64? {
        if skip("Z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(2), skip(":"), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}

import Values

/// The value of a Date field, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7), made once
/// a second.
struct HTTPDate {
    private var second = Int64.min
    private var text = ""

    mutating func text(at time: EventTime) -> String {
        let second = time.microseconds / 1_000_000
        if second != self.second { (self.second, text) = (second, Self.text(of: time)) }
        return text
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func text(of time: EventTime) -> String {
        let date = CivilDate(daysSinceEpoch: time.daysSinceEpoch)
        let weekday = days[Int((time.daysSinceEpoch % 7 + 7) % 7)]
        let seconds = time.microsecondsOfDay / 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(padded)
        return "\(weekday), \(padded(date.day)) \(months[Int(date.month) - 1]) \(date.year) "
            + clock.joined(separator: ":") + " GMT"
    }

    private static func padded(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

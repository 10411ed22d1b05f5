public import Values

/// The spelling of points in time outside expressions: `2013-10-01`, or RFC 3339 with a zone.
public enum TimeText {
    /// Reads a day, which means its first moment in UTC, or a time with a zone.
    ///
    /// - Throws: a diagnostic that names the text.
    /// - Returns: the time at its place.
    public static func located(_ text: ScalarText) throws(Diagnostic) -> Located<EventTime> {
        let isDay = text.text.utf8.count == 10
        do throws(EventTime.ParsingError) {
            let time = try EventTime(parsing: isDay ? text.text + "T00:00:00Z" : text.text)
            return text.name.map { _ in time }
        } catch {
            let hint = "write a day as 2013-10-01, or a time with its zone as 2013-10-01T06:00:00Z"
            throw text.name.diagnostic(
                error == .withoutZone
                    ? "`\(text.text)` names no zone" : "expected a time, found `\(text.text)`",
                hint: hint)
        }
    }
}

import Values

/// Reads `YYYY-MM-DD`.
func parseDate(_ text: Span<UInt8>) -> ParsedValue<Int32> {
    guard let days = EventTime.days(parsing: array(text)) else { return .malformed }
    return .value(days)
}

/// Reads RFC 3339 text as microseconds since the epoch; text without a zone is local time in
/// `zone`, and is refused when there is none.
func parseTimestamp(_ text: Span<UInt8>, zone: ZoneTable?) -> ParsedValue<Int64> {
    do throws(EventTime.ParsingError) {
        return .value(try EventTime(parsing: array(text), zone: zone).microseconds)
    } catch .withoutZone {
        return .zoneMissing
    } catch .outOfRange {
        return .outOfRange
    } catch {
        return .malformed
    }
}

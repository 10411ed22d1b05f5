import Values

/// Reads `YYYY-MM-DD`.
func parseDate(_ text: Span<UInt8>) -> ParsedValue<Int32> {
    guard text.count == 10, let midnight = try? EventTime(parsing: string(text) + "T00:00Z") else {
        return .malformed
    }
    return .value(Int32(midnight.daysSinceEpoch))
}

/// Reads RFC 3339 text as microseconds since the epoch; text without a zone is local time in
/// `zone`, and is refused when there is none.
func parseTimestamp(_ text: Span<UInt8>, zone: ZoneTable?) -> ParsedValue<Int64> {
    let bytes = array(text)
    do throws(EventTime.ParsingError) {
        return .value(try EventTime(parsing: bytes).microseconds)
    } catch .withoutZone {
        guard let zone, let local = try? EventTime(parsing: bytes, zoneless: .zero) else {
            return .zoneMissing
        }
        return .value(zone.instant(ofLocal: local.microseconds))
    } catch .outOfRange {
        return .outOfRange
    } catch {
        return .malformed
    }
}

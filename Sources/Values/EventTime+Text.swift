extension EventTime: CustomStringConvertible {
    /// RFC 3339 in UTC: `2013-01-31T10:00:00Z`, with as many decimals as are needed.
    public var description: String {
        var text: [UInt8] = []
        write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends `description`, without making a string of it.
    public func write(to text: inout [UInt8]) {
        CivilDate(daysSinceEpoch: daysSinceEpoch).write(to: &text)
        let micros = UInt64(microsecondsOfDay)
        let seconds = micros / 1_000_000
        text.append(UInt8(ascii: "T"))
        text.append(decimal: seconds / 3600, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: seconds / 60 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(decimal: seconds % 60, width: 2)
        if micros % 1_000_000 != 0 {
            text.append(UInt8(ascii: "."))
            text.append(decimal: micros % 1_000_000, width: 6)
            while text.last == UInt8(ascii: "0") { text.removeLast() }
        }
        text.append(UInt8(ascii: "Z"))
    }

    /// Whole days since 1970-01-01, rounded toward minus infinity.
    @inlinable
    public var daysSinceEpoch: Int64 {
        let days = microseconds / 86_400_000_000
        return microseconds % 86_400_000_000 < 0 ? days - 1 : days
    }

    /// Microseconds since midnight UTC, 0 to 86,399,999,999.
    @inlinable
    public var microsecondsOfDay: Int64 {
        let remainder = microseconds % 86_400_000_000
        return remainder < 0 ? remainder + 86_400_000_000 : remainder
    }
}

extension EventTime {
    /// Why a text is not a time.
    public enum ParsingError: Error, Hashable, Sendable {
        /// It has not the form `2013-01-31T10:00:00Z` or names no day or hour of the calendar.
        case malformed
        /// It names no zone, so it could mean 24 different times.
        case withoutZone
        /// It cannot be held in 64 bits of microseconds.
        case outOfRange
    }

    /// Reads RFC 3339 text: date, `T` or a blank, time, optional decimals, `Z` or `+hh:mm`.
    ///
    /// Decimals beyond microseconds are floored. Seconds and the minutes of the zone may be left
    /// out.
    ///
    /// - Parameters:
    ///   - text: the text, without blanks around it.
    ///   - zoneless: the offset from UTC of a text without a zone; nil refuses such text.
    /// - Throws: `ParsingError`.
    public init(
        parsing text: some Sequence<UInt8>, zoneless: EventDuration? = nil
    ) throws(ParsingError) {
        self = try unsafe Array(text).withUnsafeBufferPointer {
            bytes throws(ParsingError) in try unsafe EventTime(parsing: bytes, zoneless: zoneless)
        }
    }

    /// Reads the text where it stands; see `init(parsing:zoneless:)` for any bytes.
    public init(
        parsing text: UnsafeBufferPointer<UInt8>, zoneless: EventDuration? = nil
    ) throws(ParsingError) {
        var scanner = unsafe TimeScanner(text)
        self = try scanner.readTime(zoneless: zoneless)
    }

    /// Reads the text of a string; see `init(parsing:zoneless:)` for bytes.
    public init(
        parsing text: String, zoneless: EventDuration? = nil
    ) throws(ParsingError) {
        try self.init(parsing: text.utf8, zoneless: zoneless)
    }

    /// Reads RFC 3339 text; one without a zone is what a clock in `zone` showed, and is refused
    /// when that is nil.
    ///
    /// - Throws: `ParsingError`.
    public init(
        parsing text: UnsafeBufferPointer<UInt8>, zone: ZoneTable?
    ) throws(ParsingError) {
        do throws(ParsingError) {
            try unsafe self.init(parsing: text)
        } catch .withoutZone {
            guard let zone else { throw .withoutZone }
            let local = try unsafe EventTime(parsing: text, zoneless: .zero)
            self.init(microseconds: zone.instant(ofLocal: local.microseconds))
        }
    }

    /// Reads the text of bytes; see `init(parsing:zone:)` for a buffer.
    public init(parsing text: [UInt8], zone: ZoneTable?) throws(ParsingError) {
        self = try unsafe text.withUnsafeBufferPointer { bytes throws(ParsingError) in
            try unsafe EventTime(parsing: bytes, zone: zone)
        }
    }

    /// The days since the Unix epoch of a day written as `2013-01-31`; nil for anything else.
    public static func days(parsing text: some Collection<UInt8>) -> Int32? {
        guard text.count == 10,
            let midnight = try? EventTime(parsing: Array(text) + Array("T00:00Z".utf8))
        else { return nil }
        return Int32(exactly: midnight.daysSinceEpoch)
    }
}

/// Reads a time from left to right.
@safe
private struct TimeScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let count: Int
    private var position = 0

    init(_ text: UnsafeBufferPointer<UInt8>) {
        unsafe bytes = text
        count = text.count
    }

    mutating func readTime(
        zoneless: EventDuration?
    ) throws(EventTime.ParsingError) -> EventTime {
        let day = try readDay()
        guard skip("T") || skip("t") || skip(" ") else { throw .malformed }
        let clock = try readClock()
        let offset = try readZone() ?? zoneless?.microseconds
        guard let offset else { throw .withoutZone }
        let total = Int128(day) * 86_400_000_000 + Int128(clock) - Int128(offset)
        guard let micros = Int64(exactly: total) else { throw .outOfRange }
        return EventTime(microseconds: micros)
    }

    private mutating func readDay() throws(EventTime.ParsingError) -> Int64 {
        let year = try readNumber(digits: 4)
        guard skip("-") else { throw .malformed }
        let month = try readNumber(digits: 2)
        guard skip("-") else { throw .malformed }
        let date = CivilDate(year: year, month: month, day: try readNumber(digits: 2))
        guard date.isValid else { throw .malformed }
        return date.daysSinceEpoch
    }

    private mutating func readClock() throws(EventTime.ParsingError) -> Int64 {
        let hour = try readNumber(digits: 2)
        guard skip(":") else { throw .malformed }
        let minute = try readNumber(digits: 2)
        let second = skip(":") ? try readNumber(digits: 2) : 0
        guard hour < 24, minute < 60, second < 60 else { throw .malformed }
        let fraction = skip(".") ? try readFraction() : 0
        return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    }

    private mutating func readFraction() throws(EventTime.ParsingError) -> Int64 {
        var fraction: Int64 = 0
        var digits = 0
        while let digit = nextDigit() {
            if digits < 6 { fraction = fraction * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { throw .malformed }
        while digits < 6 {
            fraction *= 10
            digits += 1
        }
        return fraction
    }

    /// The offset from UTC in microseconds; nil at the end of the text.
    private mutating func readZone() throws(EventTime.ParsingError) -> Int64? {
        if position == count { return nil }
        var sign: Int64 = 0
        if skip("Z") || skip("z") {
            guard position == count else { throw .malformed }
            return 0
        }
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { throw .malformed }
        let hours = try readNumber(digits: 2)
        let minutes = skip(":") || position < count ? try readNumber(digits: 2) : 0
        guard position == count, hours < 24, minutes < 60 else { throw .malformed }
        return sign * (hours * 60 + minutes) * 60_000_000
    }

    private mutating func readNumber(digits: Int) throws(EventTime.ParsingError) -> Int64 {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = nextDigit() else { throw .malformed }
            number = number * 10 + digit
        }
        return number
    }

    private mutating func nextDigit() -> Int64? {
        guard position < count, unsafe (48...57).contains(bytes[position]) else { return nil }
        position += 1
        return Int64(unsafe bytes[position - 1]) - 48
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < count, unsafe UInt32(bytes[position]) == character.value else {
            return false
        }
        position += 1
        return true
    }
}

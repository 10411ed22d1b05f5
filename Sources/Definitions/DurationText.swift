public import Values

/// The spelling of durations outside expressions: `6h`, `90m`, and, where nothing is allowed, `0s`.
public enum DurationText {
    /// What a duration looks like.
    public static let hint = "a duration is a positive whole number and one of us ms s m h d w"

    /// Reads a duration that is greater than zero.
    ///
    /// - Throws: a diagnostic that names the text.
    /// - Returns: the duration at its place.
    public static func positive(_ text: ScalarText) throws(Diagnostic) -> Located<EventDuration> {
        guard let duration = EventDuration(parsing: text.text) else {
            throw text.name.diagnostic(
                "expected a duration such as `6h`, found `\(text.text)`",
                hint: remedy(for: text.text))
        }
        return text.name.map { _ in duration }
    }

    /// Reads a duration that may be zero.
    ///
    /// - Throws: a diagnostic that names the text.
    /// - Returns: the duration at its place.
    public static func nonnegative(
        _ text: ScalarText
    ) throws(Diagnostic) -> Located<EventDuration> {
        isZero(text.text) ? text.name.map { _ in .zero } : try positive(text)
    }

    /// What to write instead of `text`, which is no duration: `1d` for `1 day`.
    static func remedy(for text: String) -> String {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let rest = text.dropFirst(digits.count)
        let word = String(rest.drop { $0 == " " || $0 == "_" }).lowercased()
        guard digits.contains(where: { $0 != "0" }) else { return hint }
        if word.isEmpty { return "say which unit: `\(digits)s` for seconds" }
        guard let unit = units[word] else { return hint }
        return "write `\(digits)\(unit)`"
    }

    private static let units = [
        "microsecond": "us", "microseconds": "us", "millisecond": "ms", "milliseconds": "ms",
        "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "m": "m", "min": "m",
        "mins": "m", "minute": "m", "minutes": "m", "h": "h", "hr": "h", "hrs": "h", "hour": "h",
        "hours": "h", "d": "d", "day": "d", "days": "d", "w": "w", "week": "w", "weeks": "w",
    ]

    static func isZero(_ text: some StringProtocol) -> Bool {
        let zeros = text.prefix { $0 == "0" }
        guard !zeros.isEmpty else { return false }
        let unit = text.dropFirst(zeros.count)
        return EventDuration.units.contains { $0.name == unit }
    }
}

extension LatenessDefinition {
    /// Reads a duration or `unlimited`.
    ///
    /// - Parameter text: the scalar.
    /// - Throws: a diagnostic that names the text.
    public init(parsing text: ScalarText) throws(Diagnostic) {
        if text.text == "unlimited" {
            self = .unlimited
        } else {
            self = .atMost(try DurationText.nonnegative(text).value)
        }
    }
}

extension RefreshDefinition {
    /// Reads `stream` or `every D delay E`.
    ///
    /// - Parameter text: the scalar.
    /// - Throws: a diagnostic that shows both forms.
    public init(parsing text: ScalarText) throws(Diagnostic) {
        let words = text.text.split(whereSeparator: \.isWhitespace)
        switch (words.count, words.first) {
        case (1, "stream"): self = .stream
        case (2, "every"):
            throw text.name.diagnostic(
                "`\(text.text)` does not say from when on a cut is asked",
                hint: "write `\(text.text) delay 10m`, or `delay 0s` for at once")
        case (4, "every") where words[2] == "delay":
            self = try Self.every(words[1], delay: words[3], text)
        default: throw Self.malformed(text)
        }
    }

    private static func every(
        _ period: Substring, delay: Substring, _ text: ScalarText
    ) throws(Diagnostic) -> RefreshDefinition {
        guard let period = EventDuration(parsing: String(period)) else {
            throw text.name.diagnostic(
                "`\(period)` is no period", hint: DurationText.hint)
        }
        if DurationText.isZero(delay) { return .every(period, delay: .zero) }
        guard let delay = EventDuration(parsing: String(delay)) else {
            throw text.name.diagnostic("`\(delay)` is no delay", hint: DurationText.hint)
        }
        return .every(period, delay: delay)
    }

    private static func malformed(_ text: ScalarText) -> Diagnostic {
        let meant =
            words[text.text.lowercased()]
            ?? nearestName(to: text.text.lowercased(), among: words.keys).flatMap { words[$0] }
        return text.name.diagnostic(
            "`\(text.text)` is no refresh",
            hint: meant.map { "did you mean `\($0)`?" }
                ?? "write `refresh: stream` or `refresh: every 1h delay 10m`")
    }

    private static let words = [
        "stream": "stream", "streaming": "stream", "daily": "every 1d delay 1h",
        "hourly": "every 1h delay 10m", "weekly": "every 1w delay 1h",
    ]
}

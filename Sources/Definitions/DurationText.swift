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
                "expected a duration such as `6h`, found `\(text.text)`", hint: hint)
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
        text.name.diagnostic(
            "`\(text.text)` is no refresh",
            hint: "write `refresh: stream` or `refresh: every 1h delay 10m`")
    }
}

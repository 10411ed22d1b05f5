public import Values

/// A part of a whole in millionths, exact, so that a bound never depends on rounding.
public struct Share: Hashable, Sendable {
    /// 0 is nothing, 1,000,000 everything, more is more than the whole.
    public let partsPerMillion: Int64

    /// Wraps millionths, which must not be negative.
    public init(partsPerMillion: Int64) {
        precondition(partsPerMillion >= 0, "a negative share")
        self.partsPerMillion = partsPerMillion
    }

    /// Nothing of the whole.
    public static let none = Share(partsPerMillion: 0)
    /// All of the whole.
    public static let all = Share(partsPerMillion: 1_000_000)

    /// Whether `part` things of `whole` are more than this share.
    public func isExceeded(by part: Int, of whole: Int) -> Bool {
        let left = Int128(part) * 1_000_000
        return left > Int128(whole) * Int128(partsPerMillion)
    }
}

extension Share: CustomStringConvertible {
    /// As it is written: `5%`, `0.25%`.
    public var description: String {
        let (whole, rest) = partsPerMillion.quotientAndRemainder(dividingBy: 10_000)
        if rest == 0 { return "\(whole)%" }
        let digits = String(rest + 10_000).dropFirst()
        let used = digits.lastIndex { $0 != "0" }.map { digits[...$0] } ?? digits
        return "\(whole).\(used)%"
    }
}

extension Share {
    /// Reads a percentage with at most four decimals, up to `limit`.
    ///
    /// - Throws: a diagnostic that names the text.
    /// - Returns: the share at its place.
    public static func located(
        _ text: ScalarText, upTo limit: Share = .all
    ) throws(Diagnostic) -> Located<Share> {
        guard let share = Share(parsing: text.text) else {
            throw text.name.diagnostic(
                "expected a percentage such as `5%`, found `\(text.text)`",
                hint: "a percentage is a number with at most four decimals and `%`")
        }
        guard share.partsPerMillion <= limit.partsPerMillion else {
            throw text.name.diagnostic("`\(text.text)` is more than \(limit)")
        }
        return text.name.map { _ in share }
    }

    private init?(parsing text: String) {
        guard text.hasSuffix("%") else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
            let whole = Int64(parts[0]), whole <= 1_000_000
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.count <= 4 else { return nil }
        let padded = decimals + String(repeating: "0", count: 4 - decimals.count)
        self.init(partsPerMillion: whole * 10_000 + (Int64(padded) ?? 0))
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

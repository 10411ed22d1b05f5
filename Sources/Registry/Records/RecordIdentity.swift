public import Planning
import Values

/// 32 bytes that stand for everything that decided something: equal identities, equal results.
public struct RecordIdentity: Hashable, Sendable {
    /// The bytes.
    public let bytes: [UInt8]

    /// Wraps 32 bytes; nil for any other number of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(parsing text: some StringProtocol) {
        let digits = text.utf8.count == 64 ? text.compactMap(\.hexDigitValue) : []
        guard digits.count == 64 else { return nil }
        bytes = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// The identity of a text that says everything that decides.
    public init(of text: String) {
        bytes = SHA256.hash(Array(text.utf8))
    }

    /// The identity of materializing an interval: the same again needs no work.
    ///
    /// - Parameters:
    ///   - interval: the view and its interval.
    ///   - digests: the view's features, in its order.
    ///   - inputs: the digest of the manifest of everything that is read.
    public init(
        of interval: ViewInterval, digests: [FeatureDigest], inputs: RecordIdentity
    ) {
        var text = "roost interval 1\nview \(interval.view)\n"
        text += "\(interval.from.microseconds) \(interval.to.microseconds)\n"
        for digest in digests { text += "feature \(digest)\n" }
        text += "inputs \(inputs)\n"
        self.init(of: text)
    }
}

extension RecordIdentity: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

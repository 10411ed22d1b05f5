import Values

/// The identity of a feature: SHA-256 of its canonical definition.
public struct FeatureDigest: Hashable, Sendable {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// Wraps 32 bytes; nil for any other number of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The digest of a canonical text.
    public init(ofCanonicalText text: String) {
        bytes = SHA256.hash(Array(text.utf8))
    }

    /// The first 12 hexadecimal digits, for people.
    public var short: String { String(description.prefix(12)) }
}

extension FeatureDigest: Comparable {
    /// Orders by the bytes.
    public static func < (left: FeatureDigest, right: FeatureDigest) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension FeatureDigest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { hexadecimal(bytes) }
}

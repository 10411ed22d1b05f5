public import Values

/// What the online store has, compared with what it should have.
public struct VerifyReport: Sendable {
    /// One entity that is not as it should be.
    public struct Difference: Hashable, Sendable {
        /// What is wrong with it.
        public enum Kind: String, Hashable, Sendable {
            /// The store lacks it.
            case missing
            /// The store has it, and no row gives it.
            case extra
            /// The store has another state.
            case different
        }

        /// What is wrong.
        public let kind: Kind
        /// The entity's key, as `customer=7`.
        public let key: String
        /// The first feature that differs; nil when the state alone does, or is not there.
        public let feature: String?
        /// The value that the rows give; nil where `feature` is.
        public let expected: Scalar?
        /// The value that the store gives; nil where `feature` is.
        public let found: Scalar?
        /// What else there is to say.
        public let detail: String?
    }

    /// What became of one view.
    public struct View: Hashable, Sendable {
        /// How it ended.
        public enum Verdict: String, Hashable, Sendable {
            /// Every byte is as it should be.
            case same
            /// Something is not.
            case different
            /// It was built by other definitions than the applied ones.
            case outdated
            /// The store has no generation of it.
            case none = "not materialized"
        }

        /// The view.
        public let view: String
        /// How it ended.
        public internal(set) var verdict: Verdict
        /// The number of the live generation; nil when there is none.
        public internal(set) var generation: UInt64?
        /// What it is true as of.
        public internal(set) var cut: EventTime?
        /// How many entities the store has.
        public internal(set) var entities = 0
        /// How many of each kind of difference there are.
        public internal(set) var counts: [Difference.Kind: Int] = [:]
        /// The first differences, in order of their keys.
        public internal(set) var examples: [Difference] = []
    }

    /// One per view.
    public let views: [View]

    /// Whether everything that is live is as it should be.
    public var isSame: Bool { views.allSatisfy { [.same, .none].contains($0.verdict) } }
}

extension VerifyReport {
    /// The report for programs.
    public var members: [JSONMember] {
        [JSONMember(name: "views", value: .array(views.map(\.json)))]
    }
}

extension VerifyReport.View {
    fileprivate var json: JSONValue {
        .object([
            "view": .string(view), "verdict": .string(verdict.rawValue),
            "generation": generation.map { .integer(Int64(clamping: $0)) } ?? .null,
            "cut": .optional(cut?.description), "entities": .count(entities),
            "missing": .count(counts[.missing] ?? 0), "extra": .count(counts[.extra] ?? 0),
            "different": .count(counts[.different] ?? 0),
            "examples": .array(examples.map(\.json)),
        ])
    }
}

extension VerifyReport.Difference {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "key": .string(key), "feature": .optional(feature),
            "expected": expected.map { JSONValue($0) } ?? .null,
            "found": found.map { JSONValue($0) } ?? .null, "detail": .optional(detail),
        ])
    }
}

extension VerifyReport.Difference: CustomStringConvertible {
    /// `missing customer=7`, `different customer=7: spent is 5, the rows give 6`.
    public var description: String {
        var text = "\(kind.rawValue) \(key)"
        if let feature, let expected, let found {
            text +=
                ": \(feature) is \(JSONValue(found).line), the rows give "
                + JSONValue(expected).line
        }
        return detail.map { "\(text): \($0)" } ?? text
    }
}

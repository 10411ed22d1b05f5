import Definitions

/// What rows of a source or a view are expected to be.
public struct Expect: Sendable {
    let node: Node

    /// States an expectation.
    ///
    /// - Parameters:
    ///   - rule: what rows are like.
    ///   - action: what happens when they are not; nil = the job stops.
    ///   - percent: the share of rows that may break the rule; nil = none, or with `.quarantine`
    ///     all. At most four decimals.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        _ rule: ExpectedRule, otherwise action: Otherwise? = nil,
        tolerating percent: Double? = nil, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        let place = Place(file, line, column)
        var map = MapNode(place.location)
        map.add(rule.key, rule.value(place))
        if let action { map.add("action", action.name) }
        if let percent { map.add("tolerate", "\(percent)%") }
        node = map.node
    }
}

/// What happens when rows are not as expected.
public struct Otherwise: Sendable {
    let name: String

    private init(_ action: ExpectationAction) { name = action.rawValue }

    /// The job ends and publishes nothing.
    public static let stop = Otherwise(.stop)
    /// The rows that break the rule count for nothing and are written aside.
    public static let quarantine = Otherwise(.quarantine)
    /// It is reported.
    public static let warn = Otherwise(.warn)
}

/// A rule about rows, by the names that it has in definition files.
public struct ExpectedRule: Sendable {
    let key: String
    let value: @Sendable (Place) -> Node

    private static func columns(_ key: String, _ columns: [String]) -> ExpectedRule {
        ExpectedRule(key: key) { $0.node(list: columns) }
    }

    /// None of these columns is null; one expectation of each.
    public static func notNull(_ columns: String...) -> ExpectedRule {
        Self.columns("not_null", columns)
    }

    /// No two rows agree in all of these columns.
    public static func unique(_ columns: String...) -> ExpectedRule {
        Self.columns("unique", columns)
    }

    /// Values lie between two bounds, both inside; nil = no bound on that side.
    public static func range(
        _ column: String, from low: ExpectedValue? = nil, to high: ExpectedValue? = nil
    ) -> ExpectedRule {
        ExpectedRule(key: "range") { place in
            var map = MapNode(place.location)
            map.add("column", column)
            if let low { map.add("from", low.text) }
            if let high { map.add("to", high.text) }
            return map.node
        }
    }

    /// Values are among these.
    public static func accepted(_ column: String, _ values: [ExpectedValue]) -> ExpectedRule {
        ExpectedRule(key: "accepted") { place in
            var map = MapNode(place.location)
            map.add("column", column)
            map.add("values", place.node(list: values.map(\.text)))
            return map.node
        }
    }

    /// A condition of your own is not false.
    public static func that(_ condition: String) -> ExpectedRule {
        ExpectedRule(key: "that") { $0.node(condition) }
    }

    /// The newest row is at most this old.
    public static func freshness(_ age: Span) -> ExpectedRule {
        ExpectedRule(key: "freshness") { $0.node(age.text) }
    }

    /// The number of rows is within `percent` of the median of the last `runs`.
    public static func volume(within percent: Double, runs: Int = 7) -> ExpectedRule {
        ExpectedRule(key: "volume") { place in
            place.node(map: ["within": "\(percent)%", "runs": "\(runs)"])
        }
    }
}

/// A value that a column is compared with: a number, a text, a bool; times, dates and decimals are
/// texts.
public struct ExpectedValue: Sendable {
    let text: String
}

extension ExpectedValue: ExpressibleByIntegerLiteral {
    /// A number.
    public init(integerLiteral value: Int64) { text = "\(value)" }
}

extension ExpectedValue: ExpressibleByFloatLiteral {
    /// A number.
    public init(floatLiteral value: Double) { text = "\(value)" }
}

extension ExpectedValue: ExpressibleByStringLiteral {
    /// A text, or a time as `2024-01-31T10:00:00Z`.
    public init(stringLiteral value: String) { text = value }
}

extension ExpectedValue: ExpressibleByBooleanLiteral {
    /// A bool.
    public init(booleanLiteral value: Bool) { text = "\(value)" }
}

/// Definitions whose rows can be checked: sources and views.
public protocol Expecting: Annotated {}

extension Expecting {
    /// The same, whose rows are expected to be like this.
    public func expect(@ListBuilder<Expect> _ expectations: () -> [Expect]) -> Self {
        setting("expect", Node(list: expectations().map(\.node), at: place.location))
    }
}

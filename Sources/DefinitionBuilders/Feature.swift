/// A named feature of a view.
public struct Feature: Sendable {
    let name: String
    let node: Node

    /// Defines a feature: an aggregate such as `.sum("amount").over(.days(7))`, or an expression
    /// over the newest row.
    public init(
        _ name: String, _ value: FeatureValue, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.name = name
        node = Place(file, line, column).node(value.text)
    }

    /// Takes over a column of the newest row.
    public init(
        _ column: String, file: String = #fileID, line: Int = #line, at place: Int = #column
    ) {
        self.init(column, FeatureValue("`\(column)`"), file: file, line: line, column: place)
    }
}

/// What a feature is. Its parts are texts of the definition language, so every aggregate and
/// function of the language can be written.
public struct FeatureValue: Sendable {
    private let call: String
    private var condition: String?
    private var windows: String?
    private var tail: String?

    /// An expression over the newest row, or a whole aggregate as in YAML.
    public init(_ text: String) { call = text }

    var text: String {
        var parts = [call]
        if let condition { parts.append("where \(condition)") }
        if let windows { parts.append("over \(windows)") }
        if let tail { parts.append(tail) }
        return parts.joined(separator: " ")
    }

    /// The same over the rows that fulfil `condition`.
    public func `where`(_ condition: String) -> FeatureValue {
        var copy = self
        copy.condition = condition
        return copy
    }

    /// The same over one window; the feature keeps its name.
    public func over(_ window: Span) -> FeatureValue {
        var copy = self
        copy.windows = window.text
        return copy
    }

    /// The same over each window; the windows become suffixes of the feature's name.
    public func over(_ windows: [Span]) -> FeatureValue {
        var copy = self
        copy.windows = "[\(windows.map(\.text).joined(separator: ", "))]"
        return copy
    }

    /// The same with the tail of its windows aligned to `hop`.
    public func hop(_ hop: Span) -> FeatureValue {
        var copy = self
        copy.tail = "hop \(hop.text)"
        return copy
    }

    /// The same with windows that end to the microsecond, over at most so many of the newest rows.
    public func exact(maxEvents: Int? = nil) -> FeatureValue {
        var copy = self
        copy.tail = maxEvents.map { "exact max_events \($0)" } ?? "exact"
        return copy
    }
}

extension FeatureValue: ExpressibleByStringLiteral {
    /// An expression over the newest row, or a whole aggregate as in YAML.
    public init(stringLiteral text: String) { self.init(text) }
}

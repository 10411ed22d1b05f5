/// Features of one entity, computed from one source.
public struct View: ProjectContent, Expecting {
    /// Where it stands in the Swift file.
    public let place: Place
    private var map: MapNode

    /// Defines a view.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - entity: the entity that the features describe.
    ///   - source: the source they are computed from.
    ///   - refresh: how the view reaches the online store.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    ///   - features: its features, either aggregates or values of the newest row.
    public init(
        _ name: String, of entity: String, from source: String, refresh: Refreshing,
        file: String = #fileID, line: Int = #line, column: Int = #column,
        @ListBuilder<Feature> features: () -> [Feature]
    ) {
        place = Place(file, line, column)
        map = MapNode(place.location)
        map.add("name", name)
        map.add("entity", entity)
        map.add("source", source)
        map.add("refresh", refresh.text)
        var entries = MapNode(place.location)
        for feature in features() {
            entries.add(feature.name, feature.node, at: feature.node.place)
        }
        map.add("features", entries.node)
    }

    /// Among the views.
    public var section: ProjectSection { .views }
    /// What it says.
    public var node: Node { map.node }

    /// The same with another entry.
    public func setting(_ key: String, _ value: Node) -> View {
        var copy = self
        copy.map.set(key, value)
        return copy
    }

    /// The same with the entity's keys in the source's words.
    public func keys(_ columns: KeyValuePairs<String, String>) -> View {
        setting("keys", place.node(map: columns))
    }

    /// The same, for which only rows count that fulfil `condition`.
    public func `where`(_ condition: String) -> View {
        setting("where", place.node(condition))
    }

    /// The same, in which these windows of lists have the plain names of their features.
    public func keep(_ windows: KeyValuePairs<String, Span>) -> View {
        var names = MapNode(place.location)
        for (feature, window) in windows { names.add(feature, window.text) }
        return setting("keep", names.node)
    }

    /// The same, whose values are null when they are older than `age`.
    public func ttl(_ age: Span) -> View { setting("ttl", place.node(age.text)) }

    /// The same, for which a row known later than `span` after its event time does not count.
    public func lateness(_ span: Span) -> View { setting("lateness", place.node(span.text)) }

    /// The same, for which a row known earlier than `span` before its event time does not count.
    public func maxAhead(_ span: Span) -> View { setting("max_ahead", place.node(span.text)) }

    /// The same, whose rows training sees `span` later than they are known.
    public func visibleDelay(_ span: Span) -> View {
        setting("visible_delay", place.node(span.text))
    }
}

/// How a view reaches the online store.
public struct Refreshing: Sendable {
    let text: String

    /// Row by row.
    public static let stream = Refreshing(text: "stream")

    /// Periodically, each cut being asked from `delay` after it on.
    public static func every(_ period: Span, delay: Span) -> Refreshing {
        Refreshing(text: "every \(period.text) delay \(delay.text)")
    }
}

/// A length of time as it is written: its spelling is the suffix of a window's feature.
public struct Span: Sendable {
    let text: String

    /// Seconds.
    public static func seconds(_ count: Int) -> Span { Span(text: "\(count)s") }
    /// Minutes.
    public static func minutes(_ count: Int) -> Span { Span(text: "\(count)m") }
    /// Hours.
    public static func hours(_ count: Int) -> Span { Span(text: "\(count)h") }
    /// Days of 24 hours.
    public static func days(_ count: Int) -> Span { Span(text: "\(count)d") }
    /// Weeks.
    public static func weeks(_ count: Int) -> Span { Span(text: "\(count)w") }
    /// No bound; for `lateness` only.
    public static let unlimited = Span(text: "unlimited")
    /// No time at all; where a delay may be nothing.
    public static let zero = Span(text: "0s")
}

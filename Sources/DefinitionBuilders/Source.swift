public import Definitions
public import Values

/// Rows with an event time: batch rows, a stream, or both.
public struct Source: ProjectContent, Expecting {
    /// Where it stands in the Swift file.
    public let place: Place
    private var map: MapNode

    /// Defines a source.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - eventTime: the column that says when a row happened.
    ///   - knownAt: the column that says when a row became known; nil = the event time.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    ///   - content: its columns, computed ones, and where its rows are.
    public init(
        _ name: String, eventTime: String, knownAt: String? = nil, file: String = #fileID,
        line: Int = #line, column: Int = #column,
        @ListBuilder<any SourceContent> content: () -> [any SourceContent]
    ) {
        place = Place(file, line, column)
        map = MapNode(place.location)
        map.add("name", name)
        map.add("event_time", eventTime)
        if let knownAt { map.add("known_at", knownAt) }
        var schema = MapNode(place.location)
        var computed = MapNode(place.location)
        for part in content() {
            switch part.entry {
            case .column(let name, let type): schema.add(name, type, at: type.place)
            case .computed(let name, let expression):
                computed.add(name, expression, at: expression.place)
            case .other(let key, let node): map.add(key, node)
            }
        }
        map.add("schema", schema.node)
        if !computed.isEmpty { map.add("columns", computed.node) }
    }

    /// Among the sources.
    public var section: ProjectSection { .sources }
    /// What it says.
    public var node: Node { map.node }

    /// The same with another entry.
    public func setting(_ key: String, _ value: Node) -> Source {
        var copy = self
        copy.map.set(key, value)
        return copy
    }

    /// The same, whose timestamps without a zone are in `name`.
    public func zone(_ name: String) -> Source { setting("zone", place.node(name)) }

    /// The same, whose batch rows are complete up to `time`, such as `2024-01-31T10:00:00Z`.
    public func completeTo(_ time: String) -> Source {
        setting("complete_to", place.node(time))
    }
}

/// What a source consists of: columns, computed columns, where batch rows and the stream are.
public protocol SourceContent: Sendable {
    /// What it says.
    var entry: SourceEntry { get }
}

/// What a part of a source says.
public enum SourceEntry: Sendable {
    /// A column with its type.
    case column(String, Node)
    /// A computed column with its expression.
    case computed(String, Node)
    /// Another key.
    case other(String, Node)
}

/// A column that is read.
public struct Column: SourceContent {
    /// What it says.
    public let entry: SourceEntry

    /// Declares a column.
    public init(
        _ name: String, _ type: DataType, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        entry = .column(name, Place(file, line, column).node(type.description))
    }
}

/// A column that is computed on reading, the same in batch and stream.
public struct Computed: SourceContent {
    /// What it says.
    public let entry: SourceEntry

    /// Declares a computed column over the schema and the computed columns above.
    public init(
        _ name: String, _ expression: String, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        entry = .computed(name, Place(file, line, column).node(expression))
    }
}

/// Batch rows in Parquet files.
public struct Parquet: SourceContent {
    /// What it says.
    public let entry: SourceEntry

    /// Names a file, or a folder that is read recursively.
    public init(
        _ path: String, file: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        entry = .other("batch", Place(file, line, column).node(map: ["parquet": path]))
    }
}

/// Batch rows in a PostgreSQL database of the profile.
public struct Postgres: SourceContent {
    /// What it says.
    public let entry: SourceEntry

    /// Names a table or view, whose schema may stand before it.
    ///
    /// - Parameters:
    ///   - table: its name, such as `sales.orders`.
    ///   - database: which of the profile's databases; nil = it has one only.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        table: String, database: String? = nil, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.init("table", table, database, Place(file, line, column))
    }

    /// Takes the rows that a SELECT gives.
    ///
    /// - Parameters:
    ///   - query: the SELECT.
    ///   - database: which of the profile's databases; nil = it has one only.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        query: String, database: String? = nil, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.init("query", query, database, Place(file, line, column))
    }

    private init(_ key: String, _ text: String, _ database: String?, _ place: Place) {
        var rows = MapNode(place.location)
        rows.add(key, text)
        if let database { rows.add("database", database) }
        var map = MapNode(place.location)
        map.add("postgres", rows.node)
        entry = .other("batch", map.node)
    }
}

/// A stream in a Kafka topic.
public struct Kafka: SourceContent {
    /// What it says.
    public let entry: SourceEntry

    /// Names a topic.
    ///
    /// - Parameters:
    ///   - topic: the topic's name.
    ///   - format: how records are written.
    ///   - keyedBy: the columns that are the record's key.
    ///   - recordColumns: declared columns that are not in the value, and what of the record they
    ///     are.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        topic: String, format: String = "json", keyedBy: [String] = [],
        recordColumns: KeyValuePairs<String, RecordPart> = [:], file: String = #fileID,
        line: Int = #line, column: Int = #column
    ) {
        let place = Place(file, line, column)
        var kafka = MapNode(place.location)
        kafka.add("topic", topic)
        kafka.add("format", format)
        if !keyedBy.isEmpty { kafka.add("keyed_by", place.node(list: keyedBy)) }
        if !recordColumns.isEmpty {
            var parts = MapNode(place.location)
            for (name, part) in recordColumns { parts.add(name, part.description) }
            kafka.add("record_columns", parts.node)
        }
        var map = MapNode(place.location)
        map.add("kafka", kafka.node)
        entry = .other("stream", map.node)
    }
}

import Definitions
import Values

extension DefinitionReader {
    mutating func source(_ node: YAMLNode) -> SourceDefinition? {
        guard let map = map(node, .source) else { return nil }
        let name = value("name", in: map).flatMap { identifier($0, "the name of a source") }
        let eventTime = value("event_time", in: map).flatMap { word($0, "`event_time`") }
        let knownAt = value("known_at", in: map).flatMap { word($0, "`known_at`") }
        // A view can be checked against all columns of its source or not at all.
        let before = diagnostics.all.count
        let schema = value("schema", in: map).map { columns($0, "the schema of a source") }
        let computed = value("columns", in: map).map {
            expressions($0, "computed columns", naming: "the name of a computed column")
        }
        let knowsColumns = diagnostics.all.count == before && !map.mayLack("columns")
        let batch = value("batch", in: map).flatMap { self.batch($0) }
        let kafka = value("stream", in: map).flatMap { stream($0) }
        let completeTo = value("complete_to", in: map).flatMap { time($0, "`complete_to`") }
        let zone = value("zone", in: map).flatMap { word($0, "`zone`") }
        let expectations = expectations(map)
        let annotations = annotations(map)
        guard let name, let eventTime, let schema, knowsColumns else { return nil }
        return SourceDefinition(
            name: name, eventTime: eventTime, knownAt: knownAt, schema: schema,
            computed: computed ?? [], batch: batch, kafka: kafka, completeTo: completeTo,
            zone: zone, expectations: expectations, annotations: annotations)
    }

    private mutating func batch(_ node: YAMLNode) -> BatchDefinition? {
        guard let map = map(node, .batch), let key = alternative(in: map),
            let node = value(key, in: map)
        else { return nil }
        if key == "postgres" { return postgres(node).map { .postgres($0) } }
        return word(node, "`parquet`").map { .parquet($0) }
    }

    private mutating func postgres(_ node: YAMLNode) -> PostgresDefinition? {
        guard let map = map(node, .postgres), let key = alternative(in: map) else { return nil }
        let database = value("database", in: map).flatMap {
            identifier($0, "the name of a database")
        }
        guard let text = value(key, in: map).flatMap({ word($0, "`\(key)`") }) else { return nil }
        return PostgresDefinition(
            rows: key == "query" ? .query(text) : .table(text), database: database)
    }

    private mutating func stream(_ node: YAMLNode) -> KafkaDefinition? {
        guard let map = map(node, .stream),
            let kafka = value("kafka", in: map),
            let inner = self.map(kafka, .kafka)
        else { return nil }
        let topic = value("topic", in: inner).flatMap { word($0, "`topic`") }
        let format = value("format", in: inner).flatMap { word($0, "`format`") }
        var keyedBy: [Name] = []
        if let node = value("keyed_by", in: inner), let items = list(node, "`keyed_by`") {
            keyedBy = items.compactMap { word($0, "a column of `keyed_by`") }
        }
        let recordColumns = value("record_columns", in: inner).map { self.recordColumns($0) }
        guard let topic, let format else { return nil }
        return KafkaDefinition(
            topic: topic, format: format, keyedBy: keyedBy, recordColumns: recordColumns ?? [])
    }

    private mutating func recordColumns(_ node: YAMLNode) -> [RecordColumnDefinition] {
        (entries(node, "`record_columns`") ?? []).compactMap { entry in
            let column = word(entry.keyNode, "a column of `record_columns`")
            guard let text = word(entry.value, "what a column of a record is") else { return nil }
            guard let part = RecordPart(parsing: text.value) else {
                report(
                    entry.value, "`\(text.value)` is nothing that a record has beside its value",
                    hint: "write `key`, `timestamp` or `header NAME`")
                return nil
            }
            return column.map { RecordColumnDefinition(column: $0, part: part) }
        }
    }

    private mutating func time(_ node: YAMLNode, _ what: String) -> Located<EventTime>? {
        guard let text = text(node, what) else { return nil }
        do {
            let time = try EventTime(parsing: text.text)
            return text.name.map { _ in time }
        } catch {
            let problem = error == .withoutZone ? "has no zone" : "is no time"
            report(
                node, "`\(text.text)` \(problem)", hint: "write it as 2024-01-31T10:00:00Z")
            return nil
        }
    }
}

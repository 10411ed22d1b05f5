extension MapShape {
    static let source = MapShape(
        "a source", about: "Rows with an event time: batch rows, a stream, or both.",
        keys: [
            .required("name", .identifier, "The source's name."),
            .required(
                "event_time", .text, "The column that says when a row happened.",
                remedy: "add `event_time:` with the column that says when it was"),
            .optional(
                "known_at", .text,
                "The column that says when a row became known; the event time unless given."),
            .required("schema", .columns, "The columns that are read, with their types."),
            .optional(
                "columns", .expressions,
                "Columns computed on reading, from the schema and the computed ones above."),
            .optional("batch", .map(batch), "Where batch rows are."),
            .optional("stream", .map(stream), "Where the stream of rows is."),
            .optional("complete_to", .time, "Up to when the batch rows are complete."),
            .optional("zone", .text, "The zone of timestamps that have none."),
            .optional("expect", .list(of: .map(expectation)), "What rows must be like."),
        ] + annotations,
        foreign: [
            "timestamp_field": "event_time", "event_timestamp_column": "event_time",
            "time_column": "event_time", "timestamp": "event_time", "ts": "event_time",
            "created_timestamp_column": "known_at", "path": "batch", "table": "batch",
            "topic": "stream", "fields": "schema", "timezone": "zone", "expectations": "expect",
        ])

    static let batch = MapShape(
        "`batch`", about: "Where batch rows are.",
        keys: [
            .optional(
                "parquet", .text,
                "A Parquet file or a folder of them, relative to the project folder."),
            .optional(
                "postgres", .map(postgres), "Rows in a PostgreSQL database of the profile."),
        ], alternatives: ["parquet", "postgres"],
        foreign: [
            "path": "parquet", "file": "parquet", "csv": "parquet", "folder": "parquet",
            "postgresql": "postgres", "table": "postgres", "query": "postgres", "sql": "postgres",
            "database": "postgres",
        ])

    static let postgres = MapShape(
        "`postgres`", about: "Rows in a PostgreSQL database of the profile.",
        keys: [
            .optional(
                "table", .text, "A table or view, with its schema before it: sales.orders."),
            .optional("query", .text, "A SELECT that gives the rows."),
            .optional(
                "database", .identifier,
                "Which of the profile's `databases`; needed only if there are several."),
        ], alternatives: ["table", "query"],
        foreign: [
            "sql": "query", "select": "query", "name": "table", "relation": "table",
            "connection": "database", "url": "database", "host": "database", "dsn": "database",
        ])

    static let stream = MapShape(
        "`stream`", about: "Where the stream of rows is.",
        keys: [.required("kafka", .map(kafka), "A Kafka topic.")],
        foreign: ["topic": "kafka"])

    static let kafka = MapShape(
        "`kafka`", about: "A Kafka topic.",
        keys: [
            .required("topic", .text, "The topic's name."),
            .required(
                "format", .oneOf(["json"]), "How records are written.",
                remedy: "add `format: json`"),
            .optional("keyed_by", .list(of: .text), "The columns that are the record's key."),
            .optional(
                "record_columns", .dictionary(keys: "\\S", values: .recordPart),
                "Columns that are not in the value: the record's key, timestamp or a header."),
        ],
        foreign: [
            "message_format": "format", "key": "keyed_by", "headers": "record_columns",
            "timestamp": "record_columns",
        ])
}

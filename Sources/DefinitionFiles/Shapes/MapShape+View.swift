extension MapShape {
    static let view = MapShape(
        "a view", about: "Features of one entity, computed from one source.",
        keys: [
            .required("name", .identifier, "The view's name."),
            .required("entity", .identifier, "The entity that the features describe."),
            .required("source", .identifier, "The source they are computed from."),
            .optional(
                "keys", .dictionary(keys: "\\S", values: .text),
                "The entity's keys in the source's words, where they differ."),
            .required(
                "refresh", .refresh,
                "How the view reaches the online store: `stream`, or `every 1h delay 10m`.",
                remedy: "add `refresh: stream` or `refresh: every 1h delay 10m`"),
            .optional("where", .text, "Which rows count."),
            .required(
                "features", .either(latest, aggregates),
                "`NAME: AGG(x) [where C] [over W] [hop H | exact]` lines, or for the newest row "
                    + "`NAME: EXPRESSION` lines or a list of columns."),
            .optional(
                "keep",
                .dictionary(
                    keys: "^\(ValueShape.identifierPattern)$", values: .duration, atLeast: 1),
                "Which window of a feature's list has the feature's plain name."),
            .optional("ttl", .duration, "A value older than this is null."),
            .optional(
                "lateness", .lateness,
                "A row known later than this after its event time does not count."),
            .optional(
                "max_ahead", .durationOrZero,
                "A row known earlier than this before its event time does not count."),
            .optional(
                "visible_delay", .durationOrZero,
                "How much longer training waits for a row than until it is known."),
            .optional("expect", .list(of: .map(expectation)), "What rows must be like."),
        ] + annotations,
        foreign: [
            "entities": "entity", "schema": "features", "batch_source": "source",
            "stream_source": "source", "data_source": "source", "filter": "where",
            "aggregations": "features", "aggregates": "features", "schedule": "refresh",
            "online": "refresh", "mode": "refresh", "join_keys": "keys", "max_age": "ttl",
            "expectations": "expect",
        ])

    private static let latest = ValueShape.list(
        of: .matching("^\(ValueShape.identifierPattern)$"), atLeast: 1)
    private static let aggregates = ValueShape.dictionary(
        keys: "^\(ValueShape.identifierPattern)$", values: .text, atLeast: 1)
}

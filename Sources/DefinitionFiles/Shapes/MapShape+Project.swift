extension MapShape {
    /// A file of `feature-definitions/`.
    package static let definitionFile = MapShape(
        "a definition file",
        about: "Definitions of a Roost project; the lists of several files are joined.",
        keys: [
            .optional("project", .identifier, "The project's name; it stands in one file."),
            .optional("entities", .list(of: .map(entity)), "What features describe."),
            .optional("sources", .list(of: .map(source)), "Rows with an event time."),
            .optional(
                "views", .list(of: .map(view)), "Features of one entity from one source."),
            .optional(
                "services", .list(of: .map(service)), "The features that one model uses."),
        ],
        foreign: [
            "feature_views": "views", "featureviews": "views", "feature_services": "services",
            "data_sources": "sources", "group_bys": "views", "joins": "services",
            "name": "project",
        ])

    static let entity = MapShape(
        "an entity", about: "A thing that features describe, known by its join keys.",
        keys: [
            .required("name", .identifier, "The entity's name."),
            .required("keys", .columns, "The join keys with their types, in their order."),
        ] + annotations,
        foreign: ["join_keys": "keys", "join_key": "keys", "key": "keys", "value_type": "keys"])

    static let service = MapShape(
        "a service", about: "The ordered list of features that one model uses.",
        keys: [
            .required("name", .identifier, "The service's name."),
            .optional("request", .columns, "Columns that the caller brings, with their types."),
            .required(
                "features", .list(of: .serviceItem),
                "`VIEW.FEATURE [for KEY = COLUMN] [as NAME]`, or `VIEW.*`; the order is that of "
                    + "the output."),
            .optional(
                "derived", .expressions,
                "Expressions over the features, request columns and derived ones above."),
        ] + annotations,
        foreign: ["feature_views": "features", "on_demand": "derived"])

    static let annotations: [KeyShape] = [
        .optional("description", .scalar, "What it is, for people."),
        .optional("owner", .scalar, "Who answers for it."),
        .optional("tags", .list(of: .scalar), "Words to find it by."),
    ]
}

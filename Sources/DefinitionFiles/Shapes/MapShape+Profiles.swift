extension MapShape {
    static let profiles = MapShape(
        "roost.yaml", about: "Where a project's stores are, for each profile.",
        keys: [
            .required(
                "profiles", .dictionary(keys: "^\(ValueShape.identifierPattern)$", values: .scalar),
                "The stores for each profile.")
        ])

    /// Only the default profile has defaults: a profile that forgets its server must not fall
    /// back on a file.
    static func profile(isDefault: Bool) -> MapShape {
        let stores = [
            ("online", "Where features are served from."), ("offline", "Where rows are kept."),
            ("registry", "Where history is kept."),
        ]
        return MapShape(
            "a profile",
            keys: stores.map { name, about in
                isDefault ? .optional(name, .text, about) : .required(name, .text, about)
            } + [
                .optional(
                    "databases",
                    .dictionary(keys: "^\(ValueShape.identifierPattern)$", values: .text),
                    "The PostgreSQL databases that sources are read from, by name."),
                .optional(
                    "kafka", .either(.text, .map(brokers)), "The brokers of the topics of streams."),
            ])
    }

    static let brokers = MapShape(
        "`kafka`", about: "How the brokers of Kafka are reached.",
        keys: [
            .required("brokers", .text, "HOST:PORT, several with commas between them."),
            .optional(
                "settings", .dictionary(keys: "\\S", values: .scalar),
                "Settings of the client, by librdkafka's names."),
        ],
        foreign: [
            "bootstrap.servers": "brokers", "bootstrap_servers": "brokers", "servers": "brokers",
            "config": "settings", "options": "settings", "properties": "settings",
        ])
}

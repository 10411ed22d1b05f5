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
                    "The PostgreSQL databases that sources are read from, by name.")
            ])
    }
}

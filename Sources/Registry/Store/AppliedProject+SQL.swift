import Planning
import Values

extension AppliedProject {
    /// What the tables hold; nil before the first apply.
    static func read(
        from connection: any SQLConnection
    ) throws(RegistryError) -> AppliedProject? {
        let name = try connection.first("SELECT name FROM project") {
            row throws(RegistryError) in try row.text(0)
        }
        guard let name else { return nil }
        return AppliedProject(
            name: name, entities: try readEntities(connection), views: try readViews(connection),
            services: try readServices(connection))
    }

    private static func readEntities(
        _ connection: any SQLConnection
    ) throws(RegistryError) -> [AppliedEntity] {
        var entities = try connection.rows("SELECT name FROM entities ORDER BY position") {
            row throws(RegistryError) in AppliedEntity(name: try row.text(0), keys: [])
        }
        for index in entities.indices {
            entities[index].keys = try readFields(
                "SELECT name, type FROM entity_keys WHERE entity = ?1 ORDER BY position",
                entities[index].name, connection)
        }
        return entities
    }

    private static func readViews(
        _ connection: any SQLConnection
    ) throws(RegistryError) -> [AppliedView] {
        var views = try connection.rows("SELECT name, entity FROM views ORDER BY position") {
            row throws(RegistryError) in
            AppliedView(name: try row.text(0), entity: try row.text(1), features: [])
        }
        for index in views.indices {
            views[index].features = try connection.rows(
                """
                SELECT name, type, digest, text FROM features JOIN definitions USING (digest)
                WHERE view = ?1 ORDER BY position
                """, [.text(views[index].name)]
            ) { row throws(RegistryError) in
                AppliedFeature(
                    name: try row.text(0), type: try row.type(1), digest: try row.digest(2),
                    canonicalText: try row.text(3))
            }
        }
        return views
    }

    private static func readServices(
        _ connection: any SQLConnection
    ) throws(RegistryError) -> [AppliedService] {
        var services = try connection.rows("SELECT name, identity FROM services ORDER BY position")
        { row throws(RegistryError) in
            AppliedService(
                name: try row.text(0), identity: try row.digest(1), request: [], outputs: [])
        }
        for index in services.indices {
            services[index].request = try readFields(
                "SELECT name, type FROM service_request WHERE service = ?1 ORDER BY position",
                services[index].name, connection)
            services[index].outputs = try connection.rows(
                """
                SELECT name, type, digest, origin, text
                FROM service_outputs JOIN definitions USING (digest)
                WHERE service = ?1 ORDER BY position
                """, [.text(services[index].name)]
            ) { row throws(RegistryError) in
                let origin = try row.optionalText(3)
                return AppliedOutput(
                    column: try row.text(0), type: try row.type(1), digest: try row.digest(2),
                    origin: origin, canonicalText: origin == nil ? try row.text(4) : nil)
            }
        }
        return services
    }

    private static func readFields(
        _ sql: String, _ name: String, _ connection: any SQLConnection
    ) throws(RegistryError) -> [Field] {
        try connection.rows(sql, [.text(name)]) { row throws(RegistryError) in
            Field(name: try row.text(0), type: try row.type(1))
        }
    }
}

extension AppliedProject {
    /// Makes the tables say this, and only this; canonical texts are kept for ever.
    func replace(
        in connection: any SQLConnection, apply number: Int
    ) throws(RegistryError) {
        for table in ["services", "views", "entities", "project"] {
            try connection.run("DELETE FROM \(table)")
        }
        try connection.run("INSERT INTO project VALUES (?1)", [.text(name)])
        for (position, entity) in entities.enumerated() {
            try connection.run(
                "INSERT INTO entities VALUES (?1, ?2)", [.text(entity.name), .count(position)])
            try Self.insert(entity.keys, of: entity.name, into: "entity_keys", connection)
        }
        for (position, view) in views.enumerated() {
            try connection.run(
                "INSERT INTO views VALUES (?1, ?2, ?3)",
                [.text(view.name), .count(position), .text(view.entity)])
            try Self.insert(view, connection, apply: number)
        }
        for (position, service) in services.enumerated() {
            try connection.run(
                "INSERT INTO services VALUES (?1, ?2, ?3)",
                [.text(service.name), .count(position), .bytes(service.identity.bytes)])
            try Self.insert(service.request, of: service.name, into: "service_request", connection)
            try Self.insert(service, connection, apply: number)
        }
    }

    private static func insert(
        _ fields: [Field], of name: String, into table: String,
        _ connection: any SQLConnection
    ) throws(RegistryError) {
        for (position, field) in fields.enumerated() {
            try connection.run(
                "INSERT INTO \(table) VALUES (?1, ?2, ?3, ?4)",
                [
                    .text(name), .count(position), .text(field.name),
                    .text(field.type.description),
                ])
        }
    }

    private static func insert(
        _ view: AppliedView, _ connection: any SQLConnection, apply number: Int
    ) throws(RegistryError) {
        for (position, feature) in view.features.enumerated() {
            try insert(feature.digest, feature.canonicalText, connection, apply: number)
            try connection.run(
                "INSERT INTO features VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    .text(view.name), .count(position), .text(feature.name),
                    .text(feature.type.description), .bytes(feature.digest.bytes),
                ])
        }
    }

    private static func insert(
        _ service: AppliedService, _ connection: any SQLConnection, apply number: Int
    ) throws(RegistryError) {
        for (position, output) in service.outputs.enumerated() {
            if let text = output.canonicalText {
                try insert(output.digest, text, connection, apply: number)
            }
            try connection.run(
                "INSERT INTO service_outputs VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                [
                    .text(service.name), .count(position), .text(output.column),
                    .text(output.type.description), .bytes(output.digest.bytes),
                    .optional(output.origin),
                ])
        }
    }

    private static func insert(
        _ digest: FeatureDigest, _ text: String, _ connection: any SQLConnection,
        apply number: Int
    ) throws(RegistryError) {
        try connection.run(
            "INSERT INTO definitions VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            [.bytes(digest.bytes), .text(text), .count(number)])
    }
}

import Expressions
public import Values

/// From a feature back to the columns that it is made of, and the services that give it out.
public struct Lineage: Hashable, Sendable {
    /// What a column does for a feature.
    public enum Role: String, CaseIterable, Hashable, Sendable {
        /// It says whom the row is about.
        case key
        /// It says when the row happened or became known.
        case time
        /// It says whether the row counts.
        case filter
        /// The value is made of it.
        case value
    }

    /// A column of the source's schema and what it does for the feature.
    public struct Column: Hashable, Sendable {
        /// The column.
        public let field: Field
        /// What it does, in the order of `Role`; more than one is possible.
        public let roles: [Role]
    }

    /// A service that gives the feature out.
    public struct Use: Hashable, Sendable {
        /// The service.
        public let service: String
        /// The output column, or the derived feature that is made of it.
        public let output: String
        /// Whether the output is a derived feature.
        public let isDerived: Bool
    }

    /// The view.
    public let view: String
    /// The feature's name in the view.
    public let feature: String
    /// Its identity.
    public let digest: FeatureDigest
    /// The source that its columns are of.
    public let source: String
    /// The columns, in the order of the schema.
    public let columns: [Column]
    /// The services, in the order of the project.
    public let uses: [Use]
}

extension ProjectPlan {
    /// Where every feature comes from and where it goes, in the order of the views.
    public var lineages: [Lineage] {
        views.flatMap { view in
            view.features.names.indices.map { lineage(of: $0, in: view) }
        }
    }

    private func lineage(of feature: Int, in view: ViewPlan) -> Lineage {
        let digest = view.features.digests[feature]
        let name = view.features.names[feature]
        return Lineage(
            view: view.name, feature: name, digest: digest, source: view.source.name,
            columns: view.columns(of: feature),
            uses: services.flatMap { $0.uses(of: name, in: view.name) })
    }
}

extension ViewPlan {
    fileprivate func columns(of feature: Int) -> [Lineage.Column] {
        let (values, filters) = expressions(of: feature)
        let direct: [Lineage.Role: [String]] = [
            .key: keys.map(\.sourceColumn),
            .time: [source.eventTime] + [source.knownAt].compactMap { $0 },
            .filter: filters.flatMap(\.referencedColumns),
            .value: values.flatMap(\.referencedColumns),
        ]
        let reached = direct.mapValues { source.reached(from: $0) }
        return source.schema.fields.compactMap { field in
            let roles = Lineage.Role.allCases.filter { reached[$0]?.contains(field.name) == true }
            return roles.isEmpty ? nil : Lineage.Column(field: field, roles: roles)
        }
    }

    private func expressions(
        of feature: Int
    ) -> (values: [TypedExpression], filters: [TypedExpression]) {
        switch features {
        case .latest(let features):
            return ([features[feature].expression], [filter].compactMap { $0 })
        case .aggregates(let features):
            return (
                [features[feature].input].compactMap { $0 },
                [filter, features[feature].filter].compactMap { $0 }
            )
        }
    }
}

extension SourcePlan {
    /// `names` and all columns that computed ones among them are made of.
    fileprivate func reached(from names: [String]) -> Set<String> {
        var reached = Set(names)
        for column in computed.reversed() where reached.contains(column.name) {
            reached.formUnion(column.expression.referencedColumns)
        }
        return reached
    }
}

extension ServicePlan {
    fileprivate func uses(of feature: String, in view: String) -> [Lineage.Use] {
        let outputs = features.filter { output in
            let origin = lookups[output.lookup].view
            return origin.name == view && origin.features.names[output.feature] == feature
        }.map(\.column)
        var reached = Set(outputs)
        var uses = outputs.map { Lineage.Use(service: name, output: $0, isDerived: false) }
        for derived in derived
        where derived.expression.referencedColumns.contains(where: reached.contains) {
            reached.insert(derived.name)
            uses.append(Lineage.Use(service: name, output: derived.name, isDerived: true))
        }
        return uses
    }
}

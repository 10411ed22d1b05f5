import Expressions
import Planning
import Values

/// The names of a data set's columns.
struct DatasetColumns {
    /// The spine's columns, the service's features and its derived features.
    let fields: [Field]

    /// Names the columns; `features` has the engine's names and types.
    ///
    /// - Throws: `usage` when a name would stand twice.
    init(
        spine: [Field], service: ServicePlan, usesShortNames: Bool
    ) throws(JobError) {
        let features = service.features.map { feature in
            Field(
                name: usesShortNames ? feature.shortName : feature.column, type: feature.type)
        }
        let derived = service.derived.map { Field(name: $0.name, type: $0.expression.type) }
        var owners = Dictionary(
            spine.map { ($0.name, "a column of the spine") },
            uniquingKeysWith: { first, _ in first })
        for (field, owner) in features.map({ ($0, "a feature") })
            + derived.map({ ($0, "a derived feature") })
        {
            if let other = owners.updateValue(owner, forKey: field.name) {
                throw JobError(
                    .usage, "two columns would be named '\(field.name)': \(other) and \(owner)",
                    hint: usesShortNames
                        ? "leave --short out, or give one of the features another name with 'as'"
                        : "rename the spine's column, or name the feature with 'as'")
            }
        }
        fields = spine + features + derived
    }
}

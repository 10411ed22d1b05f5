import Aggregates
import Definitions
import Expressions
import Planning
import Values

extension ViewPlan {
    /// The plan for programs.
    var json: JSONValue {
        .object(
            [
                JSONMember(name: "kind", value: .string("view")),
                JSONMember(name: "name", value: .string(name)),
                JSONMember(name: "entity", value: .string(entity)),
                JSONMember(
                    name: "keys",
                    value: .array(
                        keys.map { key in
                            .object([
                                "name": .string(key.name),
                                "type": .string(key.type.description),
                                "column": .string(key.sourceColumn),
                            ])
                        })),
                JSONMember(name: "source", value: source.json),
                JSONMember(name: "where", value: .optional(filter?.canonicalText)),
                JSONMember(name: "expectations", value: .array(expectations.map(\.json))),
                JSONMember(name: "refresh", value: .string(refresh.canonicalText)),
                JSONMember(name: "ttl", value: .optional(ttl?.description)),
                JSONMember(name: "lateness", value: .optional(admission.lateness?.description)),
                JSONMember(name: "max_ahead", value: .string(admission.maxAhead.description)),
                JSONMember(name: "features", value: .array(featureObjects)),
                JSONMember(name: "state", value: stateJSON),
            ]
                + ExplainTarget.allCases.map { target in
                    JSONMember(
                        name: target.rawValue,
                        value: .array(explanation(for: target).map(JSONValue.string)))
                })
    }

    private var featureObjects: [JSONValue] {
        switch features {
        case .latest(let features):
            features.map { feature in
                .object([
                    "name": .string(feature.name),
                    "type": .string(feature.expression.type.description),
                    "latest": .string(feature.expression.canonicalText),
                    "digest": .string(feature.digest.description),
                ])
            }
        case .aggregates(let features):
            features.map { feature in
                .object([
                    "name": .string(feature.name), "type": .string(feature.type.description),
                    "aggregate": .string(feature.function.description),
                    "input": .optional(feature.input?.canonicalText),
                    "where": .optional(feature.filter?.canonicalText),
                    "window": .string(feature.window.canonicalText),
                    "digest": .string(feature.digest.description),
                ])
            }
        }
    }
}

extension SourcePlan {
    /// The source for programs.
    var json: JSONValue {
        .object([
            "kind": .string("source"), "name": .string(name),
            "description": .optional(annotations.summary),
            "owner": .optional(annotations.owner),
            "tags": .array(annotations.tags.map(JSONValue.string)),
            "event_time": .string(eventTime), "known_at": .optional(knownAt),
            "parquet": .optional(parquetPath),
            "postgres": .optional(postgresRows?.description), "topic": .optional(stream?.topic),
            "zone": .optional(zone), "complete_to": .optional(completeTo?.description),
            "columns": .array(
                schema.fields.map { field in
                    .object([
                        "name": .string(field.name), "type": .string(field.type.description),
                    ])
                }),
            "computed": .array(
                computed.map { column in
                    .object([
                        "name": .string(column.name),
                        "type": .string(column.expression.type.description),
                        "expression": .string(column.expression.canonicalText),
                    ])
                }),
            "expectations": .array(expectations.map(\.json)),
        ])
    }
}

extension Expectation {
    fileprivate var json: JSONValue {
        .object([
            "rule": .string(text), "action": .string(action.rawValue),
            "tolerate": .string(tolerated.description), "consequence": .string(consequence),
        ])
    }
}

extension ServicePlan {
    /// The service for programs; its views are objects of their own.
    var json: JSONValue {
        .object(
            [
                JSONMember(name: "kind", value: .string("service")),
                JSONMember(name: "name", value: .string(name)),
                JSONMember(name: "digest", value: .string(identity.description)),
                JSONMember(
                    name: "request",
                    value: .array(
                        request.map { field in
                            .object([
                                "name": .string(field.name),
                                "type": .string(field.type.description),
                            ])
                        })),
                JSONMember(name: "features", value: .array(features.map(json(of:)))),
                JSONMember(name: "derived", value: .array(derived.map(\.json))),
                JSONMember(name: "views", value: .array(viewNames.map(JSONValue.string))),
            ]
                + ExplainTarget.allCases.map { target in
                    JSONMember(
                        name: target.rawValue,
                        value: .array(explanation(for: target).map(JSONValue.string)))
                })
    }

    private func json(of feature: ServiceFeature) -> JSONValue {
        let lookup = lookups[feature.lookup]
        return .object([
            "name": .string(feature.column), "type": .string(feature.type.description),
            "view": .string(lookup.view.name),
            "feature": .string(lookup.view.features.names[feature.feature]),
            "keys": .array(lookup.spineColumns.map(JSONValue.string)),
            "digest": .string(feature.digest.description),
        ])
    }
}

extension DerivedFeature {
    fileprivate var json: JSONValue {
        .object([
            "name": .string(name), "type": .string(expression.type.description),
            "expression": .string(expression.canonicalText),
            "digest": .string(digest.description),
        ])
    }
}

extension Annotations {
    /// What people are told, for programs.
    var members: [JSONMember] {
        [
            JSONMember(name: "description", value: .optional(summary)),
            JSONMember(name: "owner", value: .optional(owner)),
            JSONMember(name: "tags", value: .array(tags.map(JSONValue.string))),
        ]
    }
}

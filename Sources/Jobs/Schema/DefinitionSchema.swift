import DefinitionFiles

/// The JSON Schema (draft 2020-12) of definition files, made of what the reader reads by.
///
/// It tells an editor which keys there are and what their values look like. What depends on other
/// parts of a project, and whether an expression is right, only `roost validate` knows.
public enum DefinitionSchema: String, CaseIterable, Sendable {
    /// The files of `feature-definitions/`.
    case definitions
    /// The files of `pipelines/`.
    case pipelines

    /// The schema.
    public var json: JSONValue {
        var writer = SchemaWriter()
        let root = writer.object(shape)
        let definitions = writer.definitions.sorted { $0.name < $1.name }
        return .object(
            [
                JSONMember(name: "$schema", value: .string(Self.draft)),
                JSONMember(name: "title", value: .string("Roost \(rawValue)")),
            ] + root + [JSONMember(name: "$defs", value: .object(definitions))])
    }

    private static let draft = "https://json-schema.org/draft/2020-12/schema"

    private var shape: MapShape {
        switch self {
        case .definitions: .definitionFile
        case .pipelines: .pipeline
        }
    }
}

/// Writes shapes as schemas; each map becomes one definition, however often it is used.
private struct SchemaWriter {
    private(set) var definitions: [JSONMember] = []

    mutating func object(_ shape: MapShape) -> [JSONMember] {
        let properties = shape.keys.map { key in
            JSONMember(
                name: key.name,
                value: .object([describe(key.about)] + schema(of: key.value)))
        }
        let required = shape.keys.filter(\.isRequired).map(\.name)
        var members = [
            JSONMember(name: "type", value: .string("object")), describe(shape.about),
            JSONMember(name: "properties", value: .object(properties)),
            JSONMember(name: "additionalProperties", value: .bool(false)),
        ]
        if !required.isEmpty {
            members.append(JSONMember(name: "required", value: strings(required)))
        }
        if !shape.alternatives.isEmpty {
            let each = shape.alternatives.map { JSONValue.object(["required": strings([$0])]) }
            members.append(JSONMember(name: "oneOf", value: .array(each)))
        }
        let dependent = shape.groups.flatMap(dependencies)
        if !dependent.isEmpty {
            members.append(JSONMember(name: "dependentRequired", value: .object(dependent)))
        }
        return members
    }

    /// What each key of a group needs beside itself.
    private func dependencies(of group: MapShape) -> [JSONMember] {
        let required = group.keys.filter(\.isRequired).map(\.name)
        return group.keys.map { key in
            JSONMember(name: key.name, value: strings(required.filter { $0 != key.name }))
        }
    }

    private mutating func schema(of value: ValueShape) -> [JSONMember] {
        switch value {
        case .scalar: return [types(["string", "number", "boolean", "null"])]
        case .text:
            return [
                types(["string", "number", "boolean", "null"]),
                JSONMember(name: "pattern", value: .string("\\S")),
            ]
        case .number(let pattern):
            return [
                types(["string", "number"]),
                JSONMember(name: "pattern", value: .string(pattern)),
            ]
        case .matching(let pattern):
            return [
                JSONMember(name: "type", value: .string("string")),
                JSONMember(name: "pattern", value: .string(pattern)),
            ]
        case .oneOf(let words): return [JSONMember(name: "enum", value: strings(words))]
        case .list(let element, let least, let most):
            return list(of: schema(of: element), atLeast: least, atMost: most)
        case .map(let shape): return [reference(to: shape)]
        case .dictionary(let keys, let values, let least):
            return dictionary(keys: keys, values: schema(of: values), atLeast: least)
        case .either(let first, let second):
            let both = [schema(of: first), schema(of: second)].map(JSONValue.object)
            return [JSONMember(name: "anyOf", value: .array(both))]
        }
    }

    private func list(
        of element: [JSONMember], atLeast least: Int, atMost most: Int?
    ) -> [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("array")),
            JSONMember(name: "items", value: .object(element)),
        ]
        if least > 0 { members.append(JSONMember(name: "minItems", value: .count(least))) }
        if let most { members.append(JSONMember(name: "maxItems", value: .count(most))) }
        return members
    }

    private func dictionary(
        keys: String, values: [JSONMember], atLeast least: Int
    ) -> [JSONMember] {
        var members = [
            JSONMember(name: "type", value: .string("object")),
            JSONMember(name: "propertyNames", value: .object(["pattern": .string(keys)])),
            JSONMember(name: "additionalProperties", value: .object(values)),
        ]
        if least > 0 { members.append(JSONMember(name: "minProperties", value: .count(least))) }
        return members
    }

    private mutating func reference(to shape: MapShape) -> JSONMember {
        let name = shape.identifier
        if !definitions.contains(where: { $0.name == name }) {
            // The name is taken first, so that its place does not depend on what is inside.
            definitions.append(JSONMember(name: name, value: .null))
            let value = JSONValue.object(object(shape))
            definitions.removeAll { $0.name == name }
            definitions.append(JSONMember(name: name, value: value))
        }
        return JSONMember(name: "$ref", value: .string("#/$defs/\(name)"))
    }

    private func describe(_ text: String) -> JSONMember {
        JSONMember(name: "description", value: .string(text))
    }

    private func types(_ names: [String]) -> JSONMember {
        JSONMember(name: "type", value: strings(names))
    }

    private func strings(_ texts: [String]) -> JSONValue {
        .array(texts.map(JSONValue.string))
    }
}

extension MapShape {
    /// What messages call the map, as one word without its article: `view`.
    fileprivate var identifier: String {
        what.split(separator: " ").filter { !["a", "an", "the"].contains($0) }
            .joined(separator: "_").replacing("`", with: "")
    }
}

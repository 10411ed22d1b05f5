import Values

/// What a map of a definition file may hold.
///
/// The reader asks it for names, for what must be there and for what to say otherwise; the JSON
/// Schema for editors is made of it. So there is no second list of keys.
package struct MapShape: Sendable {
    /// What messages call the map, such as `a view`.
    package let what: String
    /// What the map is for, for editors.
    package let about: String
    /// The keys, in the order in which they are listed.
    package let keys: [KeyShape]
    /// Keys of which exactly one must be there; empty = no such rule.
    package let alternatives: [String]
    /// Groups of keys; as soon as one of a group is there, its required ones must be.
    package let groups: [MapShape]
    /// What other feature stores call a key, and its name here.
    private let foreign: [String: String]

    init(
        _ what: String, about: String = "", keys: [KeyShape], alternatives: [String] = [],
        groups: [MapShape] = [], foreign: [String: String] = [:]
    ) {
        self.what = what
        self.about = about
        self.keys = keys
        self.alternatives = alternatives
        self.groups = groups
        self.foreign = foreign
    }

    var names: [String] { keys.map(\.name) }

    func key(_ name: String) -> KeyShape? { keys.first { $0.name == name } }

    /// The key that `written`, which is none, was most likely meant to be.
    func intended(by written: String) -> String? {
        let lowercased = written.lowercased()
        if let name = foreign[lowercased] { return name }
        return nearestName(to: written, among: names)
            ?? nearestName(to: lowercased, among: names)
    }
}

/// One key of a map.
package struct KeyShape: Sendable {
    /// The key.
    package let name: String
    /// Whether it must be there.
    package let isRequired: Bool
    /// What it means, for editors.
    package let about: String
    /// What its value looks like.
    package let value: ValueShape
    /// What to write when it is missing.
    let remedy: String

    private init(
        _ name: String, isRequired: Bool, _ value: ValueShape, _ about: String, remedy: String?
    ) {
        self.name = name
        self.isRequired = isRequired
        self.value = value
        self.about = about
        self.remedy = remedy ?? "add `\(name):`"
    }

    static func required(
        _ name: String, _ value: ValueShape, _ about: String, remedy: String? = nil
    ) -> KeyShape {
        KeyShape(name, isRequired: true, value, about, remedy: remedy)
    }

    static func optional(_ name: String, _ value: ValueShape, _ about: String) -> KeyShape {
        KeyShape(name, isRequired: false, value, about, remedy: nil)
    }
}

/// What a value looks like. What depends on other parts of a project is not in it.
package indirect enum ValueShape: Sendable {
    /// Any single value.
    case scalar
    /// A single value that is not empty, such as an expression or a column.
    case text
    /// A text in this form, an ECMA 262 pattern; such patterns do not match a bare number.
    case matching(String)
    /// A number, or a text in this form.
    case number(String)
    /// One of these words.
    case oneOf([String])
    case list(of: ValueShape, atLeast: Int = 0, atMost: Int? = nil)
    case map(MapShape)
    /// A map whose keys, in the form of the pattern, are the user's own.
    case dictionary(keys: String, values: ValueShape, atLeast: Int = 0)
    case either(ValueShape, ValueShape)
}

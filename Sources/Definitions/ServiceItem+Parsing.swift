import Expressions
public import Values

extension ServiceItem {
    /// Parses `VIEW.FEATURE [for KEY = COLUMN {, KEY = COLUMN}] [as NAME]` or `VIEW.*`.
    ///
    /// - Parameter text: the scalar.
    /// - Throws: a diagnostic at the first token that cannot stand where it stands.
    public init(parsing text: ScalarText) throws(Diagnostic) {
        if text.isExact, let colon = text.text.unicodeScalars.firstIndex(of: ":") {
            let scalars = text.text.unicodeScalars
            let offset = scalars.distance(from: scalars.startIndex, to: colon)
            throw Diagnostic(
                "`:` does not stand between a view and its feature",
                at: text.location.advanced(byColumns: offset),
                hint: "write `\(text.text.replacing(":", with: "."))`")
        }
        self = try text.parsing { tokens throws(Diagnostic) in
            let (view, viewToken) = try tokens.expectName("the name of a view")
            guard tokens.accept(.dot) else {
                throw tokens.unexpected(
                    "`.` after the view", hint: "write `\(view).FEATURE`, or `\(view).*` for all")
            }
            var item = ServiceItem(view: text.name(view, viewToken), feature: nil)
            if !tokens.accept(.times) {
                let (feature, token) = try tokens.expectName("the name of a feature or `*`")
                item.feature = text.name(feature, token)
            }
            if tokens.accept(.for) { item.role = try Self.parseRole(&tokens, text) }
            if tokens.accept(.as) {
                let (alias, token) = try tokens.expectName("the name of the output")
                item.alias = text.name(alias, token)
            }
            try tokens.expectEnd("`for`, `as` or the end")
            return item
        }
    }

    private static func parseRole(
        _ tokens: inout TokenStream, _ text: ScalarText
    ) throws(Diagnostic) -> [KeyBinding] {
        var role: [KeyBinding] = []
        repeat {
            let (key, keyToken) = try tokens.expectName("a key of the view's entity")
            try tokens.expect(.equal, after: "the key")
            let (column, columnToken) = try tokens.expectName("a column of the spine")
            role.append(
                KeyBinding(
                    key: text.name(key, keyToken), column: text.name(column, columnToken)))
        } while tokens.accept(.comma)
        return role
    }
}

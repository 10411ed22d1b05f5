import Values

extension ValueShape {
    static let identifierPattern = "[A-Za-z_][A-Za-z0-9_]*"
    private static let units = EventDuration.units.map(\.name).joined(separator: "|")
    private static let positiveDuration = "[0-9]*[1-9][0-9]*(\(units))"
    private static let anyDuration = "[0-9]+(\(units))"

    /// A name of the user's choice, or a reference to one.
    static let identifier = matching("^\(identifierPattern)$")
    static let duration = matching("^\(positiveDuration)$")
    static let durationOrZero = matching("^\(anyDuration)$")
    static let lateness = matching("^(unlimited|\(anyDuration))$")
    static let refresh = matching("^\\s*(stream|every\\s+\\S+\\s+delay\\s+\\S+)\\s*$")
    static let time = matching("^[0-9]{4}-[0-9]{2}-[0-9]{2}")
    static let percentage = number("^[0-9]")

    private static let plainTypes = DataType.plain.map(\.description).joined(separator: "|")
    private static let decimal = "decimal\\([0-9]+, *[0-9]+\\)"
    /// A column's type; the reader knows which numbers are right inside the brackets.
    static let type = matching(
        "^(\(plainTypes)|\(decimal)|list<(\(plainTypes)|\(decimal))>|vector<float, *[0-9]+>)$")
    /// Names of columns with their types.
    static let columns = dictionary(keys: "\\S", values: type, atLeast: 1)
    /// Names with expressions.
    static let expressions = dictionary(keys: "^\(identifierPattern)$", values: text)
    /// What of a record a column is.
    static let recordPart = matching("^\\s*(key|timestamp|header\\s+\\S.*)$")
    /// `VIEW.FEATURE`, with a role or an alias.
    static let serviceItem = matching("^\\s*\\S+\\s*\\.\\s*\\S")
}

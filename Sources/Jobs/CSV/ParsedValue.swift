/// What came of reading a text as a value of some type.
enum ParsedValue<Value> {
    case value(Value)
    /// The text has another form.
    case malformed
    /// The form is right but the type cannot hold the value.
    case outOfRange
    /// A date and time without a zone where none is agreed.
    case zoneMissing
}

extension ParsedValue: Sendable where Value: Sendable {}

/// The operands and options of one command line, checked against the command's specification.
public struct ParsedArguments: Sendable {
    /// The operands in order.
    public internal(set) var operands: [String] = []
    var values: [String: [String]] = [:]

    /// The options and flags that were given, in order of their names.
    public var optionNames: [String] { values.keys.sorted() }

    /// Whether the flag `name` was given.
    public func has(_ name: String) -> Bool { values[name] != nil }

    /// The value of the option `name`, or nil when it was not given.
    public func value(_ name: String) -> String? { values[name]?.last }

    /// All values of the option `name`, in order.
    public func values(_ name: String) -> [String] { values[name] ?? [] }

    /// The value of the option `name` as a whole number in `range`, or nil when it was not given.
    public func integer(
        _ name: String, in range: ClosedRange<Int>
    ) throws(ArgumentError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ArgumentError(
                "\(name) needs a whole number, not '\(text)'",
                hint: "write a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The value of the option `name`, which must be one of `choices`; nil when it was not given.
    public func choice(
        _ name: String, of choices: [String]
    ) throws(ArgumentError) -> String? {
        guard let text = value(name) else { return nil }
        guard choices.contains(text) else {
            throw ArgumentError(
                "\(name) does not know '\(text)'",
                hint: "choose one of \(choices.joined(separator: ", "))")
        }
        return text
    }
}

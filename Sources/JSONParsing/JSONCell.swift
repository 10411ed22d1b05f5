/// A value of JSON that stands for a cell of a column; what it means depends on the column's type.
public enum JSONCell: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without point and exponent.
    case integer(Int64)
    /// Such a number beyond `Int64.max`.
    case unsigned(UInt64)
    /// A number with a point or an exponent.
    case double(Double)
    case string(String)
    /// A list or a vector; its elements are no arrays.
    case array([JSONCell])
}

extension JSONCell {
    /// What it is, for a message; a text is cut at 40 characters.
    package var words: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "the text '\(text.prefix(40))'"
        case .array(let items): "a list of \(items.count)"
        }
    }
}

extension JSONTape {
    /// The value at `position` as a cell; nil for an object, and for an array that holds arrays or
    /// objects.
    package func cell(at position: Int) -> JSONCell? {
        guard case .array = kind(at: position) else { return single(at: position) }
        var items: [JSONCell] = []
        var isFlat = true
        forEachElement(of: position) { element in
            if let item = single(at: element) { items.append(item) } else { isFlat = false }
        }
        return isFlat ? .array(items) : nil
    }

    private func single(at position: Int) -> JSONCell? {
        switch kind(at: position) {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .integer(number)
        case .unsigned(let number): .unsigned(number)
        case .double(let number): .double(number)
        case .string: .string(string(at: position))
        case .array, .object, .end: nil
        }
    }
}

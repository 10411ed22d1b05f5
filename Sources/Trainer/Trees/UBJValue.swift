/// A value of a UBJSON document, in which XGBoost keeps its models.
indirect enum UBJValue {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case text(String)
    case array([UBJValue])
    /// An array of one type of whole numbers.
    case integers([Int64])
    /// An array of numbers of single precision, bit for bit.
    case floats([Float])
    case object([String: UBJValue])

    subscript(name: String) -> UBJValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The elements of an array of whole numbers; true and false are 1 and 0.
    var wholeNumbers: [Int64]? {
        switch self {
        case .integers(let numbers): return numbers
        case .array(let elements):
            var numbers: [Int64] = []
            for element in elements {
                switch element {
                case .integer(let number): numbers.append(number)
                case .bool(let flag): numbers.append(flag ? 1 : 0)
                default: return nil
                }
            }
            return numbers
        default: return nil
        }
    }

    /// The elements of an array of numbers of single precision.
    var floats: [Float]? {
        switch self {
        case .floats(let numbers): return numbers
        case .array(let elements) where elements.isEmpty: return []
        default: return nil
        }
    }

    var elements: [UBJValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

/// Reads UBJSON (draft 12) as XGBoost writes it: lengths are checked against the bytes that are
/// left before anything is reserved, so that a damaged file costs an error and nothing else.
struct UBJReader {
    private static let deepest = 64

    private let bytes: [UInt8]
    private var position = 0

    /// Reads `bytes` as one value.
    ///
    /// - Throws: `corrupt` with the place where it cannot be read on.
    static func read(_ bytes: [UInt8]) throws(TrainerError) -> UBJValue {
        var reader = UBJReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        guard reader.position == bytes.count else { throw reader.corrupt("bytes follow the end") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func corrupt(_ reason: String) -> TrainerError {
        TrainerError(.corrupt, "the model cannot be read at byte \(position): \(reason)")
    }

    private mutating func value(depth: Int) throws(TrainerError) -> UBJValue {
        guard depth < Self.deepest else { throw corrupt("it is nested too deep") }
        let marker = try byte()
        switch marker {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "S"): return .text(try text())
        case UInt8(ascii: "C"): return .text(String(Unicode.Scalar(try byte())))
        case UInt8(ascii: "Z"): return .null
        case UInt8(ascii: "T"): return .bool(true)
        case UInt8(ascii: "F"): return .bool(false)
        case UInt8(ascii: "d"): return .double(Double(try float()))
        case UInt8(ascii: "D"): return .double(Double(bitPattern: try bits(8)))
        default: return .integer(try integer(marker))
        }
    }

    private mutating func object(depth: Int) throws(TrainerError) -> UBJValue {
        var members: [String: UBJValue] = [:]
        while try peek() != UInt8(ascii: "}") {
            let name = try text()
            let value = try value(depth: depth)
            guard members.updateValue(value, forKey: name) == nil else {
                throw corrupt("'\(name)' stands twice")
            }
        }
        position += 1
        return .object(members)
    }

    private mutating func array(depth: Int) throws(TrainerError) -> UBJValue {
        switch try peek() {
        case UInt8(ascii: "$"):
            position += 1
            let type = try byte()
            guard try byte() == UInt8(ascii: "#") else { throw corrupt("a length is missing") }
            return try typed(type, count: try length())
        case UInt8(ascii: "#"):
            position += 1
            let count = try length()
            guard count <= bytes.count - position else { throw corrupt("the array is cut off") }
            var elements: [UBJValue] = []
            for _ in 0..<count { elements.append(try value(depth: depth)) }
            return .array(elements)
        default:
            var elements: [UBJValue] = []
            while try peek() != UInt8(ascii: "]") { elements.append(try value(depth: depth)) }
            position += 1
            return .array(elements)
        }
    }

    private mutating func typed(
        _ type: UInt8, count: Int
    ) throws(TrainerError) -> UBJValue {
        guard let width = Self.width(type) else { throw corrupt("an array of an unknown type") }
        guard count <= (bytes.count - position) / width else {
            throw corrupt("the array is cut off")
        }
        if type == UInt8(ascii: "d") {
            var numbers: [Float] = []
            numbers.reserveCapacity(count)
            for _ in 0..<count { numbers.append(try float()) }
            return .floats(numbers)
        }
        var numbers: [Int64] = []
        numbers.reserveCapacity(count)
        for _ in 0..<count { numbers.append(try integer(type)) }
        return .integers(numbers)
    }

    /// The bytes of an element of a typed array; nil for types that no model has.
    private static func width(_ type: UInt8) -> Int? {
        switch type {
        case UInt8(ascii: "i"), UInt8(ascii: "U"): 1
        case UInt8(ascii: "I"): 2
        case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
        case UInt8(ascii: "L"): 8
        default: nil
        }
    }

    private mutating func text() throws(TrainerError) -> String {
        let count = try length()
        guard count <= bytes.count - position else { throw corrupt("the text is cut off") }
        defer { position += count }
        guard
            let text = String(validating: bytes[position..<position + count], as: UTF8.self)
        else { throw corrupt("the text is not UTF-8") }
        return text
    }

    private mutating func length() throws(TrainerError) -> Int {
        let number = try integer(try byte())
        guard let length = Int(exactly: number), length >= 0 else {
            throw corrupt("a length of \(number)")
        }
        return length
    }

    private mutating func integer(_ type: UInt8) throws(TrainerError) -> Int64 {
        switch type {
        case UInt8(ascii: "i"): Int64(Int8(truncatingIfNeeded: try bits(1)))
        case UInt8(ascii: "U"): Int64(try bits(1))
        case UInt8(ascii: "I"): Int64(Int16(truncatingIfNeeded: try bits(2)))
        case UInt8(ascii: "l"): Int64(Int32(truncatingIfNeeded: try bits(4)))
        case UInt8(ascii: "L"): Int64(bitPattern: try bits(8))
        default: throw corrupt("the unknown type \(type)")
        }
    }

    private mutating func float() throws(TrainerError) -> Float {
        Float(bitPattern: UInt32(truncatingIfNeeded: try bits(4)))
    }

    /// The next `count` bytes, the greatest first.
    private mutating func bits(_ count: Int) throws(TrainerError) -> UInt64 {
        guard count <= bytes.count - position else { throw corrupt("it ends too early") }
        var bits: UInt64 = 0
        for offset in 0..<count { bits = bits << 8 | UInt64(bytes[position + offset]) }
        position += count
        return bits
    }

    private mutating func byte() throws(TrainerError) -> UInt8 {
        UInt8(truncatingIfNeeded: try bits(1))
    }

    private func peek() throws(TrainerError) -> UInt8 {
        guard position < bytes.count else { throw corrupt("it ends too early") }
        return bytes[position]
    }
}

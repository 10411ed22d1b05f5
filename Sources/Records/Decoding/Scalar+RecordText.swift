import JSONParsing
import Values

extension Scalar {
    /// What the bytes of a key or a header mean in a column: bytes as they are, everything else as
    /// text, which means what it would mean in JSON, numbers and bools without quotes.
    ///
    /// - Parameters:
    ///   - bytes: the bytes; nil for a null.
    ///   - name: what they are, for messages.
    ///   - column: whose value they are.
    ///   - zone: whose clock a timestamp without a zone was read from.
    /// - Throws: when they are no value of the column.
    init(
        _ bytes: ArraySlice<UInt8>?, _ name: String, for column: Field, _ zone: ZoneTable?
    ) throws(RecordFault) {
        guard let bytes else {
            self = .null
            return
        }
        if column.type == .bytes {
            self = .bytes(Array(bytes))
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .noText(name, for: column)
        }
        let cell = JSONCell(text, as: column.type)
        guard let value = Scalar(cell, type: column.type, zone: zone) else {
            throw .wrong("\(name) '\(text.prefix(40))'", cell, for: column, zone)
        }
        self = value
    }
}

extension JSONCell {
    /// A text as JSON would spell it in a column of `type`.
    fileprivate init(_ text: String, as type: DataType) {
        switch type {
        case .int32, .int64, .timestamp:
            self = Int64(text).map { .integer($0) } ?? .string(text)
        case .float, .double:
            let isPlain = text.utf8.allSatisfy { Self.numberBytes.contains($0) }
            let number = isPlain ? Double(text) : nil
            self = number.map { $0.isFinite ? .double($0) : .string(text) } ?? .string(text)
        case .bool where text == "true": self = .bool(true)
        case .bool where text == "false": self = .bool(false)
        default: self = .string(text)
        }
    }

    private static let numberBytes = Array("0123456789+-.eE".utf8)
}

import Aggregates
import Values

// The values of latest rows, lists and vectors among them; see `ViewState+Encoding.swift`.

extension Scalar {
    /// Writes 0 for null, or 1 and the value; lists as their length and elements, vectors as 4
    /// bytes an element.
    func encode(as type: DataType, into writer: inout StateWriter) {
        switch (self, type) {
        case (.list(let elements), .list(let element)):
            writer.write(byte: 1)
            writer.write(UInt64(elements.count))
            for value in elements { value.encode(as: element, into: &writer) }
        case (.list(let elements), .vector):
            writer.write(byte: 1)
            for element in elements { element.encodeFloat(into: &writer) }
        default: encodeOptional(into: &writer)
        }
    }

    private func encodeFloat(into writer: inout StateWriter) {
        guard case .double(let value) = self else { preconditionFailure("no element of a vector") }
        let bits = Float(value.canonical).bitPattern
        for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
            writer.write(byte: UInt8(truncatingIfNeeded: bits >> shift))
        }
    }

    init(
        anyFrom reader: inout StateReader, type: DataType
    ) throws(AggregateError) {
        guard type.element != nil else {
            try self.init(optionalFrom: &reader, type: type)
            return
        }
        guard try reader.readFlag() else {
            self = .null
            return
        }
        var elements: [Scalar] = []
        if case .list(let element) = type {
            for _ in 0..<(try reader.readCount()) {
                elements.append(try Scalar(anyFrom: &reader, type: element))
            }
        } else if case .vector(let length) = type {
            for _ in 0..<length { elements.append(.double(try reader.readFloat())) }
        }
        self = .list(elements)
    }
}

extension StateReader {
    mutating func readFlag() throws(AggregateError) -> Bool {
        let byte = try readByte()
        guard byte < 2 else { throw corrupt("a flag is \(byte)") }
        return byte == 1
    }

    fileprivate mutating func readFloat() throws(AggregateError) -> Double {
        var bits: UInt32 = 0
        for byte in try readBytes(count: 4).reversed() { bits = bits << 8 | UInt32(byte) }
        let value = Double(Float(bitPattern: bits))
        guard Float(value.canonical).bitPattern == bits else {
            throw corrupt("a float is not canonical")
        }
        return value.canonical
    }
}

import Columns
import Values

/// Turns one column of the records of a block into values; texts that cannot be read become
/// nulls and are listed, so that their rows can be dropped afterwards.
struct CSVColumnParser {
    let bytes: [UInt8]
    let records: CSVRecords
    let slot: Int
    let field: Field
    let nullTexts: [[UInt8]]
    let zone: ZoneTable?
    private(set) var faults: [(row: Int, fault: CSVFault)] = []

    init(
        bytes: [UInt8], records: CSVRecords, slot: Int, field: Field, nullTexts: [[UInt8]],
        zone: ZoneTable?
    ) {
        self.bytes = bytes
        self.records = records
        self.slot = slot
        self.field = field
        self.nullTexts = nullTexts
        self.zone = zone
    }

    /// The column; `faults` tells which rows could not be read.
    mutating func parse() -> Column {
        let zone = zone
        switch field.type {
        case .bool: return bools()
        case .int32: return fixed(0, Column.Storage.int32) { parseInteger($0, as: Int32.self) }
        case .int64: return fixed(0, Column.Storage.int64) { parseInteger($0, as: Int64.self) }
        case .float: return fixed(0, Column.Storage.float) { parseFloat($0) }
        case .double: return fixed(0, Column.Storage.double) { parseDouble($0) }
        case .date: return fixed(0, Column.Storage.int32) { parseDate($0) }
        case .timestamp:
            return fixed(0, Column.Storage.int64) { parseTimestamp($0, zone: zone) }
        case .decimal(let precision, let scale):
            return fixed(0, Column.Storage.int128) { text in
                parseDecimal(text, precision: precision, scale: scale)
            }
        case .list, .vector: return lists()
        default: return texts()
        }
    }

    private mutating func fixed<Value: BitwiseCopyable & Sendable>(
        _ placeholder: Value, _ store: (FixedValues<Value>) -> Column.Storage,
        _ read: (Span<UInt8>) -> ParsedValue<Value>
    ) -> Column {
        let count = records.lines.count
        var values = FixedValuesBuilder<Value>(capacity: count)
        var validity = BitmapBuilder(capacity: count)
        for row in 0..<count {
            let value = parseField(row, read)
            values.append(value ?? placeholder)
            validity.append(value != nil)
        }
        return Column(
            type: field.type, count: count, storage: store(values.finish()),
            validity: validity.finish())
    }

    private mutating func bools() -> Column {
        let count = records.lines.count
        var values = BitmapBuilder(capacity: count)
        var validity = BitmapBuilder(capacity: count)
        for row in 0..<count {
            let value = parseField(row, parseBool)
            values.append(value ?? false)
            validity.append(value != nil)
        }
        return Column(
            type: .bool, count: count, storage: .bits(values.finish()),
            validity: validity.finish())
    }

    /// Lists and vectors are JSON arrays.
    private mutating func lists() -> Column {
        var builder = ColumnBuilder(type: field.type)
        for row in 0..<records.lines.count {
            guard let text = jsonText(row) else {
                builder.append(.null)
                continue
            }
            let value = Scalar(text: text, type: field.type)
            if value == nil { report(row, "is not a \(field.type)\(expectation)") }
            builder.append(value ?? .null)
        }
        return builder.finish()
    }

    /// The text of row `row` without CSV's quotes; nil when it is a null text.
    private func jsonText(_ row: Int) -> String? {
        let place = records.field(row: row, slot: slot)
        let text = bytes.span.extracting(place.range)
        if isNullText(text) { return nil }
        return place.hasEscapes ? String(decoding: unescaped(text), as: UTF8.self) : string(text)
    }

    private mutating func texts() -> Column {
        let count = records.lines.count
        var values = BytesValuesBuilder(capacity: count)
        var validity = BitmapBuilder(capacity: count)
        for row in 0..<count {
            let field = records.field(row: row, slot: slot)
            let isValue = field.isQuoted || !isNullText(bytes.span.extracting(field.range))
            let isReadable = isValue && append(field, row, to: &values)
            if !isReadable { values.appendEmpty() }
            validity.append(isReadable)
        }
        return Column(
            type: self.field.type, count: count, storage: .bytes(values.finish()),
            validity: validity.finish())
    }

    /// Appends a text; false, with a fault, when it is not UTF-8.
    private mutating func append(
        _ field: CSVField, _ row: Int, to values: inout BytesValuesBuilder
    ) -> Bool {
        guard self.field.type == .bytes || isUTF8(field) else {
            report(row, "is not UTF-8 text")
            return false
        }
        let text = bytes.span.extracting(field.range)
        if field.hasEscapes {
            values.append(unescaped(text))
        } else {
            unsafe text.withUnsafeBufferPointer { text in unsafe values.append(text) }
        }
        return true
    }

    private func isUTF8(_ field: CSVField) -> Bool {
        (try? UTF8Span(validating: bytes.span.extracting(field.range))) != nil
    }

    private mutating func parseField<Value>(
        _ row: Int, _ read: (Span<UInt8>) -> ParsedValue<Value>
    ) -> Value? {
        switch outcome(row, read) {
        case nil: return nil
        case .value(let value): return value
        case .malformed: report(row, "is not \(field.type.withArticle)\(expectation)")
        case .outOfRange: report(row, "does not fit \(field.type)")
        case .zoneMissing: report(row, "has no time zone\(zoneRemedy)")
        }
        return nil
    }

    /// What the text of row `row` means; nil when it is a null text.
    private func outcome<Value>(
        _ row: Int, _ read: (Span<UInt8>) -> ParsedValue<Value>
    ) -> ParsedValue<Value>? {
        let text = bytes.span.extracting(records.field(row: row, slot: slot).range)
        return isNullText(text) ? nil : read(text)
    }

    private func isNullText(_ text: Span<UInt8>) -> Bool {
        for nullText in nullTexts where nullText.count == text.count {
            if (0..<text.count).allSatisfy({ text[$0] == nullText[$0] }) { return true }
        }
        return false
    }

    private mutating func report(_ row: Int, _ reason: String) {
        let text = string(bytes.span.extracting(records.field(row: row, slot: slot).range))
        let fault = CSVFault(
            line: records.lines[row], column: field.name, value: text, reason: reason)
        faults.append((row, fault))
    }

    private var expectation: String {
        switch field.type {
        case .timestamp: " such as 2013-01-31T10:00:00Z"
        case .date: " such as 2013-01-31"
        case .bool: "; write true or false"
        case .decimal(_, let scale): ": digits, with at most \(scale) behind the point"
        case .list(.string): " such as [\"a\", \"b\"]"
        case .list: " such as [1, 2]"
        case .vector(let length): ": a JSON array of \(length) numbers"
        default: ""
        }
    }

    private var zoneRemedy: String {
        "; write 2013-01-31T10:00:00Z or give the source a 'zone:'"
    }
}

/// `text` with every doubled quote made single.
func unescaped(_ text: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
        result.append(text[index])
        index += text[index] == CSVByte.quote ? 2 : 1
    }
    return result
}

/// The bytes that have a meaning in CSV.
enum CSVByte {
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}

/// Where a field stands in its block.
struct CSVField: Sendable {
    var start: Int32
    var end: Int32
    /// Whether it stood in quotes; the range is what stands between them.
    var isQuoted = false
    /// Whether it holds doubled quotes.
    var hasEscapes = false

    var range: Range<Int> { Int(start)..<Int(end) }
}

/// Why a record or one of its values was not imported.
struct CSVFault: Hashable, Sendable {
    /// The line that the record begins on.
    let line: Int
    /// The column, or nil when the record as a whole is wrong.
    let column: String?
    /// The text that is wrong, or nil when the record as a whole is wrong.
    let value: String?
    let reason: String
}

/// The wanted fields of the well-formed records of a block, row by row.
struct CSVRecords: Sendable {
    /// How many fields each row has in `fields`.
    let width: Int
    private(set) var fields: [CSVField] = []
    /// The line each row begins on.
    private(set) var lines: [Int] = []
    private(set) var faults: [CSVFault] = []

    /// The field of column `slot` in row `row`.
    func field(row: Int, slot: Int) -> CSVField { fields[row * width + slot] }

    /// Scans `bytes`, which hold complete records and begin on line `firstLine`; `slots` gives every
    /// column of the file its place among the wanted ones, or nil.
    init(_ bytes: Span<UInt8>, slots: [Int?], firstLine: Int) {
        width = slots.count { $0 != nil }
        fields.reserveCapacity(bytes.count / 8)
        var scanner = CSVScanner(line: firstLine)
        var row = [CSVField](repeating: CSVField(start: 0, end: 0), count: width)
        while scanner.position < bytes.count {
            let line = scanner.line
            if scanner.skipLineEnd(bytes) { continue }
            var count = 0
            repeat {
                scanner.scanField(bytes)
                if count < slots.count, let slot = slots[count] { row[slot] = scanner.field }
                count += 1
            } while scanner.endsWithComma
            if let reason = scanner.takeFault() ?? mismatch(count, slots.count) {
                faults.append(CSVFault(line: line, column: nil, value: nil, reason: reason))
            } else {
                fields += row
                lines.append(line)
            }
        }
    }
}

extension CSVRecords {
    /// All fields of the first record of `bytes`.
    static func firstRecord(of bytes: Span<UInt8>) -> [CSVField] {
        var fields: [CSVField] = []
        var scanner = CSVScanner(line: 1)
        while scanner.skipLineEnd(bytes) {}
        repeat {
            scanner.scanField(bytes)
            fields.append(scanner.field)
        } while scanner.endsWithComma
        return fields
    }
}

private func mismatch(_ found: Int, _ expected: Int) -> String? {
    if found == expected { return nil }
    let fields = found == 1 ? "1 field" : "\(found) fields"
    return "has \(fields) where the header has \(expected)"
}

/// Reads field after field (RFC 4180); a quote inside an unquoted field is an ordinary character.
private struct CSVScanner {
    private(set) var position = 0
    private(set) var line: Int
    private(set) var field = CSVField(start: 0, end: 0)
    private(set) var endsWithComma = false
    private var fault: String?

    init(line: Int) {
        self.line = line
    }

    mutating func takeFault() -> String? { fault.take() }

    /// Skips one line end; false when there is none here.
    mutating func skipLineEnd(_ bytes: Span<UInt8>) -> Bool {
        guard position < bytes.count else { return false }
        if bytes[position] == CSVByte.carriageReturn {
            position += 1
            if position < bytes.count, bytes[position] == CSVByte.lineFeed { position += 1 }
        } else if bytes[position] == CSVByte.lineFeed {
            position += 1
        } else {
            return false
        }
        line += 1
        return true
    }

    /// Reads one field and what ends it.
    mutating func scanField(_ bytes: Span<UInt8>) {
        if position < bytes.count, bytes[position] == CSVByte.quote {
            scanQuoted(bytes)
        } else {
            let start = position
            skipPlain(bytes)
            field = CSVField(start: Int32(start), end: Int32(position))
        }
        endsWithComma = position < bytes.count && bytes[position] == CSVByte.comma
        if endsWithComma { position += 1 } else { _ = skipLineEnd(bytes) }
    }

    private mutating func scanQuoted(_ bytes: Span<UInt8>) {
        position += 1
        field = CSVField(start: Int32(position), end: Int32(position), isQuoted: true)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == CSVByte.quote {
                guard position + 1 < bytes.count, bytes[position + 1] == CSVByte.quote else {
                    break
                }
                field.hasEscapes = true
                position += 2
            } else if byte == CSVByte.lineFeed || byte == CSVByte.carriageReturn {
                _ = skipLineEnd(bytes)
            } else {
                position += 1
            }
        }
        field.end = Int32(position)
        guard position < bytes.count else {
            fault = "has a quote that is never closed"
            return
        }
        position += 1
        let afterQuote = position
        skipPlain(bytes)
        if position != afterQuote { fault = "has text after a closing quote" }
    }

    private mutating func skipPlain(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case CSVByte.comma, CSVByte.lineFeed, CSVByte.carriageReturn: return
            default: position += 1
            }
        }
    }
}

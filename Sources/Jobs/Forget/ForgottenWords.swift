import Records
import Values

// A record that was no row may be no JSON at all, so nothing can be read from it for sure. It goes
// when every part of the key stands in it as a word: rather one too many than one that stays.

/// The words by which an entity is known in records that were no rows.
struct ForgottenWords: Sendable {
    private let words: [[UInt8]]

    /// The words of a key's values.
    init(_ values: [Scalar]) { words = values.map { Array($0.word.utf8) } }

    /// Whether all words stand in the record, in its key, its value or the reason.
    func mayBe(in record: RejectedRecord) -> Bool {
        let texts = [record.key ?? [], record.value ?? [], Array(record.reason.utf8)]
        let readings = texts + texts.map(Self.unescaped)
        return words.allSatisfy { word in readings.contains { Self.contains(word, in: $0) } }
    }

    private static func contains(_ word: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = word.first, text.count >= word.count else { return false }
        return (0...text.count - word.count).contains { start in
            let end = start + word.count
            return text[start] == first && text[start..<end].elementsEqual(word)
                && !(start > 0 && isLetter(text[start - 1]))
                && !(end < text.count && isLetter(text[end]))
        }
    }

    /// Whether a byte belongs to the word beside it.
    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    /// The text with what JSON writes behind backslashes.
    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var units: [UInt16] = []
        var index = 0
        func flush() {
            plain += Array(String(decoding: units, as: UTF16.self).utf8)
            units = []
        }
        while index < text.count {
            let next = index + 1 < text.count ? text[index + 1] : 0
            if text[index] == UInt8(ascii: "\\"), next == UInt8(ascii: "u"),
                let unit = UInt16(
                    String(decoding: text[(index + 2)...].prefix(4), as: UTF8.self), radix: 16)
            {
                units.append(unit)
                index += 6
                continue
            }
            flush()
            let isEscape = text[index] == UInt8(ascii: "\\") && index + 1 < text.count
            plain.append(isEscape ? next : text[index])
            index += isEscape ? 2 : 1
        }
        flush()
        return plain
    }
}

extension Scalar {
    /// The value as it would stand in a text.
    fileprivate var word: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .timestamp(let time): "\(time)"
        case .date(let days): "\(CivilDate(daysSinceEpoch: Int64(days)))"
        case .duration(let duration): "\(duration)"
        case .decimal(let number): "\(number)"
        case .list(let elements): elements.map(\.word).joined(separator: ",")
        }
    }
}

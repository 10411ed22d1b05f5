// Functions of texts. Letters change case in ASCII only, so no table of Unicode's can change a
// feature; positions count Unicode scalars from 1, as SQL does.

@Sendable
func lowercase(_ source: Text, _ text: inout [UInt8]) -> Fault {
    for index in 0..<source.count {
        let byte = source[index]
        text.append(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
    return .none
}

@Sendable
func uppercase(_ source: Text, _ text: inout [UInt8]) -> Fault {
    for index in 0..<source.count {
        let byte = source[index]
        text.append(byte &- 97 < 26 ? byte & ~0x20 : byte)
    }
    return .none
}

/// Without the blanks at its ends.
func trim(_ source: Text, _ atStart: Bool, _ atEnd: Bool, _ text: inout [UInt8]) -> Fault {
    var (start, end) = (0, source.count)
    while atStart, start < end, source[start] == 0x20 { start += 1 }
    while atEnd, start < end, source[end - 1] == 0x20 { end -= 1 }
    text.append(source[start..<end])
    return .none
}

/// The Unicode scalars from last to first.
@Sendable
func reverse(_ source: Text, _ text: inout [UInt8]) -> Fault {
    var end = source.count
    while end > 0 {
        var start = end - 1
        while start > 0, !source.isScalarStart(start) { start -= 1 }
        text.append(source[start..<end])
        end = start
    }
    return .none
}

/// The characters of a window that may begin before the text, as in SQL: `substr('abc', 0, 2)` is
/// `a`. A negative start counts from the end.
func substring(
    _ source: Text, _ start: Int64, _ length: Int64?, _ text: inout [UInt8]
) -> Fault {
    if let length, length < 0 { return .domain }
    let count = Int128(source.scalarCount)
    let first = Int128(start) + (start < 0 ? count : -1)
    let last = length.map { first + Int128($0) } ?? count
    let window = max(0, min(first, count))..<max(0, min(max(first, last), count))
    text.append(source.scalars(Int(window.lowerBound)..<Int(window.upperBound)))
    return .none
}

/// The first `length` characters; all but the last ones for a negative length.
@Sendable
func leftPart(_ source: Text, _ length: Int64, _ text: inout [UInt8]) -> Fault {
    let count = Int64(source.scalarCount)
    let end = length >= 0 ? min(length, count) : max(0, count + max(length, -count))
    text.append(source.scalars(0..<Int(end)))
    return .none
}

/// The last `length` characters; all but the first ones for a negative length.
@Sendable
func rightPart(_ source: Text, _ length: Int64, _ text: inout [UInt8]) -> Fault {
    let count = Int64(source.scalarCount)
    let start = length >= 0 ? count - min(length, count) : min(count, 0 - max(length, -count))
    text.append(source.scalars(Int(start)..<Int(count)))
    return .none
}

/// Every `part` as `other`, from left to right; nothing is replaced for an empty part.
@Sendable
func replace(_ source: Text, _ part: Text, _ other: Text, _ text: inout [UInt8]) -> Fault {
    var position = 0
    while part.count > 0, let found = source.firstIndex(of: part, from: position) {
        text.append(source[position..<found])
        text.append(other)
        if text.count > greatestTextLength { return .overflow }
        position = found + part.count
    }
    text.append(source[position..<source.count])
    return .none
}

/// The `number`-th of the parts that `separator` divides the text into, from the end for a
/// negative number; empty where there are not so many.
@Sendable
func splitPart(
    _ source: Text, _ separator: Text, _ number: Int64, _ text: inout [UInt8]
) -> Fault {
    if number == 0 { return .domain }
    var parts: [Range<Int>] = []
    var position = 0
    while separator.count > 0, let found = source.firstIndex(of: separator, from: position) {
        parts.append(position..<found)
        if number > 0, parts.count == number { break }
        position = found + separator.count
    }
    if number < 0 || parts.count < number { parts.append(position..<source.count) }
    let index = number > 0 ? number - 1 : Int64(parts.count) + max(number, -Int64(parts.count) - 1)
    if index >= 0, index < parts.count { text.append(source[parts[Int(index)]]) }
    return .none
}

extension Text {
    /// The bytes of the Unicode scalars in `range`.
    fileprivate func scalars(_ range: Range<Int>) -> Text {
        let start = byteOffset(ofScalar: range.lowerBound)
        return self[start..<max(start, byteOffset(ofScalar: range.upperBound))]
    }
}

/// A pattern of `like`: `%` is any text, `_` any one character, everything else itself.
struct LikePattern {
    private let pattern: Text
    private let escape: UInt8?

    init(_ pattern: Text, escape: UInt8?) {
        self.pattern = pattern
        self.escape = escape
    }

    /// Whether the whole text matches; a pattern that ends with its escape is no pattern.
    ///
    /// Greedy with one way back, to the last `%`, as nothing before it can match differently.
    /// Complexity: O(text x pattern).
    func match(_ text: Text) -> (Bool, Fault) {
        if endsWithEscape { return (false, .domain) }
        var (position, place) = (0, 0)
        var retry: (position: Int, place: Int)?
        while true {
            if place < pattern.count, pattern[place] == 0x25, pattern[place] != escape {
                place += 1
                retry = (position, place)
                continue
            }
            if place == pattern.count, position == text.count { return (true, .none) }
            if position < text.count, let step = step(text, position, place) {
                position += step.bytes
                place += step.marks
                continue
            }
            guard let last = retry, last.position < text.count else { return (false, .none) }
            retry = (last.position + 1, last.place)
            (position, place) = (last.position + 1, last.place)
        }
    }

    /// How far one mark of the pattern and what it matches go; nil when it does not match.
    private func step(
        _ text: Text, _ position: Int, _ place: Int
    ) -> (bytes: Int, marks: Int)? {
        guard place < pattern.count else { return nil }
        if pattern[place] == escape {
            return text[position] == pattern[place + 1] ? (1, 2) : nil
        }
        guard pattern[place] == 0x5F else {
            return text[position] == pattern[place] ? (1, 1) : nil
        }
        guard text.isScalarStart(position) else { return nil }
        var end = position + 1
        while end < text.count, !text.isScalarStart(end) { end += 1 }
        return (end - position, 1)
    }

    private var endsWithEscape: Bool {
        guard let escape else { return false }
        var place = 0
        while place < pattern.count {
            if pattern[place] == escape {
                if place + 1 == pattern.count { return true }
                place += 1
            }
            place += 1
        }
        return false
    }
}

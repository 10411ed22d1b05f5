// RFC 4648 section 4, padded: how bytes stand in JSON.

private let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// The bytes as base64, padded.
public func base64(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var rest = bytes[...]
    while !rest.isEmpty {
        let group = rest.prefix(3)
        rest = rest.dropFirst(3)
        let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for index in 0..<4 {
            let isPadding = index > group.count
            text.append(
                isPadding ? UInt8(ascii: "=") : alphabet[(word >> (18 - 6 * index)) & 63])
        }
    }
    return text
}

/// The bytes that a padded base64 text stands for; nil for anything else, also for one whose unused
/// bits are not zero, so that bytes have one text.
public func decodedBase64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var word = 0
    var (digits, padding) = (0, 0)
    for character in text {
        if character == UInt8(ascii: "=") {
            padding += 1
            continue
        }
        guard padding == 0, let value = digitValue(character) else { return nil }
        word = (word << 6 | value) & 0xFF_FFFF
        digits += 1
        if digits % 4 == 0 {
            bytes += [UInt8(word >> 16), UInt8(word >> 8 & 255), UInt8(word & 255)]
        }
    }
    switch (digits % 4, padding) {
    case (0, 0): return bytes
    case (2, 2) where word & 15 == 0: return bytes + [UInt8(word >> 4 & 255)]
    case (3, 1) where word & 3 == 0:
        return bytes + [UInt8(word >> 10 & 255), UInt8(word >> 2 & 255)]
    default: return nil
    }
}

private func digitValue(_ character: UInt8) -> Int? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}

import Columns

// SAFETY: made only inside a kernel's call, over memory that the column or cell keeps alive until
// the call returns; every access is checked against `count`.
/// The bytes of a text for the length of one call of a kernel.
@safe
struct Text {
    private let start: UnsafePointer<UInt8>?
    /// How many bytes there are.
    let count: Int

    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe start = bytes.baseAddress
        count = bytes.count
    }

    private init(start: UnsafePointer<UInt8>?, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    var buffer: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: start, count: count)
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "index out of range")
        guard let start = unsafe start else { preconditionFailure("no bytes") }
        return unsafe start[index]
    }

    /// The bytes of `range`, without a copy.
    subscript(range: Range<Int>) -> Text {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of range")
        return unsafe Text(start: start.map { unsafe $0 + range.lowerBound }, count: range.count)
    }
}

extension Text {
    static func == (left: Text, right: Text) -> Bool {
        left.count == right.count && left.compare(right) == 0
    }

    /// Negative, zero or positive as it sorts before, with or after `other`, by unsigned bytes.
    func compare(_ other: Text) -> Int {
        unsafe compareBytes(buffer, other.buffer)
    }

    func hasPrefix(_ other: Text) -> Bool {
        other.count <= count && self[0..<other.count] == other
    }

    func hasSuffix(_ other: Text) -> Bool {
        other.count <= count && self[count - other.count..<count] == other
    }

    /// Where `part` begins first at or after `start`; nil when it does not. Empty parts are
    /// everywhere. Complexity: O(count x part).
    func firstIndex(of part: Text, from start: Int = 0) -> Int? {
        if part.count == 0 { return start <= count ? start : nil }
        var position = start
        let first = part[0]
        while position + part.count <= count {
            if self[position] == first, self[position..<position + part.count] == part {
                return position
            }
            position += 1
        }
        return nil
    }

    /// How many Unicode scalars there are: every byte but a continuation begins one.
    var scalarCount: Int {
        var total = 0
        for index in 0..<count where isScalarStart(index) { total += 1 }
        return total
    }

    /// Whether a Unicode scalar begins at `index`.
    func isScalarStart(_ index: Int) -> Bool { self[index] & 0xC0 != 0x80 }

    /// Where the scalar after `count` others begins; the end when there are not so many.
    func byteOffset(ofScalar number: Int) -> Int {
        if number <= 0 { return 0 }
        var (position, seen) = (0, 0)
        while position < count {
            if isScalarStart(position) {
                if seen == number { return position }
                seen += 1
            }
            position += 1
        }
        return count
    }
}

extension Text {
    /// A copy; broken UTF-8 is replaced.
    var string: String { unsafe String(decoding: buffer, as: UTF8.self) }
}

extension [UInt8] {
    mutating func append(_ text: Text) {
        unsafe append(contentsOf: text.buffer)
    }
}

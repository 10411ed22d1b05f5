import Columns

// The loops of the evaluator. Each is always inlined into its kernel together with the operation,
// so that the compiler sees a plain loop over memory, which it can unroll and vectorise. They
// write every element of a fresh buffer and read within the counts of their sources.

/// `operation` of every row.
@inline(__always)
func tabulated<Result: BitwiseCopyable & Sendable>(
    count: Int, _ operation: (Int) -> Result
) -> FixedValues<Result> {
    let buffer = Buffer(capacity: count * MemoryLayout<Result>.stride)
    let target = unsafe buffer.pointer(to: Result.self)
    for row in 0..<count { unsafe target[row] = operation(row) }
    return FixedValues(buffer, count: count)
}

/// One bit of `predicate` for every row.
@inline(__always)
func packed(count: Int, _ predicate: (Int) -> Bool) -> Bitmap {
    let words = (count + 63) / 64
    let buffer = Buffer(capacity: words * 8)
    let target = unsafe buffer.pointer(to: UInt64.self)
    for word in 0..<count / 64 {
        var bits: UInt64 = 0
        let first = word &* 64
        for bit in 0..<64 { bits |= (predicate(first &+ bit) ? 1 : 0) &<< UInt64(bit) }
        unsafe target[word] = bits
    }
    if count % 64 != 0 {
        var bits: UInt64 = 0
        for row in count / 64 * 64..<count {
            bits |= (predicate(row) ? 1 : 0) &<< UInt64(row & 63)
        }
        unsafe target[words - 1] = bits
    }
    return Bitmap(words: FixedValues(buffer, count: words), count: count)
}

/// For every row `left` where its bit is set, else `right`.
@inline(__always)
func blended<Element: Maskable>(
    _ pick: Bitmap, _ left: (Int) -> Element, _ right: (Int) -> Element
) -> FixedValues<Element> {
    unsafe pick.words.withUnsafeBufferPointer { words in
        tabulated(count: pick.count) { row in
            let bit = unsafe (words[row &>> 6] &>> UInt64(row & 63)) & 1
            let mask = 0 &- Element.Bits(truncatingIfNeeded: bit)
            let (first, second) = (left(row).maskableBits, right(row).maskableBits)
            return Element(maskableBits: second ^ ((first ^ second) & mask))
        }
    }
}

extension Lane {
    /// Calls `body` with a reader of rows; one copy of `body` for each kind of lane.
    @inline(__always)
    func reading<Result>(_ body: ((Int) -> Element) -> Result) -> Result {
        switch self {
        case .constant(let value): body { _ in value }
        case .values(let values):
            unsafe values.withUnsafeBufferPointer { source in
                body { row in unsafe source[row] }
            }
        }
    }

    /// `operation` of every row.
    @inline(__always)
    func map<Result>(_ operation: (Element) -> Result) -> Lane<Result> {
        switch self {
        case .constant(let value): return .constant(operation(value))
        case .values(let values):
            return unsafe values.withUnsafeBufferPointer { source in
                .values(
                    tabulated(count: source.count) { row in unsafe operation(source[row]) })
            }
        }
    }

    /// `operation` of every row of two operands.
    @inline(__always)
    func zip<Other, Result>(
        _ other: Lane<Other>, count: Int, _ operation: (Element, Other) -> Result
    ) -> Lane<Result> {
        if case .constant(let left) = self, case .constant(let right) = other {
            return .constant(operation(left, right))
        }
        return .values(
            reading { left in
                other.reading { right in
                    tabulated(count: count) { row in operation(left(row), right(row)) }
                }
            })
    }

    /// One bit for every row of two operands.
    @inline(__always)
    func compare<Other>(
        _ other: Lane<Other>, count: Int, _ predicate: (Element, Other) -> Bool
    ) -> BitLane {
        if case .constant(let left) = self, case .constant(let right) = other {
            return .constant(predicate(left, right))
        }
        return .bits(
            reading { left in
                other.reading { right in
                    packed(count: count) { row in predicate(left(row), right(row)) }
                }
            })
    }
}

/// A value whose bits can be chosen by a mask, which a random condition does not slow down.
protocol Maskable: BitwiseCopyable, Sendable {
    associatedtype Bits: FixedWidthInteger & BitwiseCopyable & Sendable
    var maskableBits: Bits { get }
    init(maskableBits: Bits)
}

extension Int32: Maskable {
    @inline(__always) var maskableBits: Int32 { self }
    @inline(__always) init(maskableBits: Int32) { self = maskableBits }
}

extension Int64: Maskable {
    @inline(__always) var maskableBits: Int64 { self }
    @inline(__always) init(maskableBits: Int64) { self = maskableBits }
}

extension Float: Maskable {
    @inline(__always) var maskableBits: UInt32 { bitPattern }
    @inline(__always) init(maskableBits: UInt32) { self.init(bitPattern: maskableBits) }
}

extension Double: Maskable {
    @inline(__always) var maskableBits: UInt64 { bitPattern }
    @inline(__always) init(maskableBits: UInt64) { self.init(bitPattern: maskableBits) }
}

extension Int128: Maskable {
    @inline(__always) var maskableBits: Int128 { self }
    @inline(__always) init(maskableBits: Int128) { self = maskableBits }
}

import Columns

// What kernels are generic over. Every conforming type says how it is read from a column's lane
// and from a single cell, so that one operation on plain values serves both; all readers are
// inlined together with the operation into one plain loop.

/// A type of values that kernels take.
protocol KernelValue: SendableMetatype {
    /// Calls `body` with a reader of rows; one copy of `body` for each kind of lane.
    static func reading<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result
    /// As `reading`, with one copy of `body` in all, for operations that are large themselves.
    static func striding<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result
    /// What `body` makes of the value of a cell; null for null.
    static func borrowing(_ cell: Cell, _ body: (Self) -> Cell) -> Cell
}

/// A type of values that kernels give.
protocol KernelResult: KernelValue {
    static func constant(_ value: Self) -> Lanes
    static func values(count: Int, _ value: (Int) -> Self) -> Lanes
    var cell: Cell { get }
}

/// A type whose values have one width in a column.
protocol FixedKernelValue: KernelResult, BitwiseCopyable, Sendable {
    static func lane(of lanes: Lanes) -> Lane<Self>
    static func lanes(_ lane: Lane<Self>) -> Lanes
    static func value(of cell: Cell) -> Self?
    /// The value as a result has it.
    var canonicalForm: Self { get }
}

func mismatch() -> Never {
    preconditionFailure("an operand has another type than the expression was checked with")
}

extension FixedKernelValue {
    @inline(__always) var canonicalForm: Self { self }

    @inline(__always)
    static func reading<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result {
        lane(of: lanes).reading(body)
    }

    @inline(__always)
    static func striding<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result {
        let (values, mask): (FixedValues<Self>, Int) =
            switch lane(of: lanes) {
            case .constant(let value): (FixedValues([value]), 0)
            case .values(let values): (values, -1)
            }
        return unsafe values.withUnsafeBufferPointer { source in
            body { row in unsafe source[row & mask] }
        }
    }

    @inline(__always)
    static func borrowing(_ cell: Cell, _ body: (Self) -> Cell) -> Cell {
        guard let value = value(of: cell) else { return .null }
        return body(value)
    }

    @inline(__always)
    static func constant(_ value: Self) -> Lanes { lanes(.constant(value.canonicalForm)) }

    @inline(__always)
    static func values(count: Int, _ value: (Int) -> Self) -> Lanes {
        lanes(.values(tabulated(count: count) { value($0).canonicalForm }))
    }
}

extension Int32: FixedKernelValue {
    static func lane(of lanes: Lanes) -> Lane<Int32> {
        if case .int32(let lane) = lanes { lane } else { mismatch() }
    }
    static func lanes(_ lane: Lane<Int32>) -> Lanes { .int32(lane) }
    @inline(__always)
    static func value(of cell: Cell) -> Int32? {
        if case .int32(let value) = cell { value } else { nil }
    }
    @inline(__always) var cell: Cell { .int32(self) }
}

extension Int64: FixedKernelValue {
    static func lane(of lanes: Lanes) -> Lane<Int64> {
        if case .int64(let lane) = lanes { lane } else { mismatch() }
    }
    static func lanes(_ lane: Lane<Int64>) -> Lanes { .int64(lane) }
    @inline(__always)
    static func value(of cell: Cell) -> Int64? {
        if case .int64(let value) = cell { value } else { nil }
    }
    @inline(__always) var cell: Cell { .int64(self) }
}

extension Float: FixedKernelValue {
    static func lane(of lanes: Lanes) -> Lane<Float> {
        if case .float(let lane) = lanes { lane } else { mismatch() }
    }
    static func lanes(_ lane: Lane<Float>) -> Lanes { .float(lane) }
    @inline(__always)
    static func value(of cell: Cell) -> Float? {
        if case .float(let value) = cell { value } else { nil }
    }
    @inline(__always) var cell: Cell { .float(canonicalForm) }
    @inline(__always) var canonicalForm: Float { canonical(self) }
}

extension Double: FixedKernelValue {
    static func lane(of lanes: Lanes) -> Lane<Double> {
        if case .double(let lane) = lanes { lane } else { mismatch() }
    }
    static func lanes(_ lane: Lane<Double>) -> Lanes { .double(lane) }
    @inline(__always)
    static func value(of cell: Cell) -> Double? {
        if case .double(let value) = cell { value } else { nil }
    }
    @inline(__always) var cell: Cell { .double(canonicalForm) }
    @inline(__always) var canonicalForm: Double { canonical(self) }
}

extension Int128: FixedKernelValue {
    static func lane(of lanes: Lanes) -> Lane<Int128> {
        if case .decimal(let lane) = lanes { lane } else { mismatch() }
    }
    static func lanes(_ lane: Lane<Int128>) -> Lanes { .decimal(lane) }
    @inline(__always)
    static func value(of cell: Cell) -> Int128? {
        if case .decimal(let value) = cell { value } else { nil }
    }
    @inline(__always) var cell: Cell { .decimal(self) }
}

extension Bool: KernelResult {
    @inline(__always)
    static func reading<Result>(_ lanes: Lanes, _ body: ((Int) -> Bool) -> Result) -> Result {
        guard case .bits(let lane) = lanes else { mismatch() }
        switch lane {
        case .constant(let bit): return body { _ in bit }
        case .bits(let bits):
            return unsafe bits.words.withUnsafeBufferPointer { words in
                body { row in unsafe words[row &>> 6] &>> UInt64(row & 63) & 1 == 1 }
            }
        }
    }

    @inline(__always)
    static func striding<Result>(_ lanes: Lanes, _ body: ((Int) -> Bool) -> Result) -> Result {
        reading(lanes, body)
    }

    @inline(__always)
    static func borrowing(_ cell: Cell, _ body: (Bool) -> Cell) -> Cell {
        if case .bool(let value) = cell { body(value) } else { .null }
    }

    @inline(__always)
    static func constant(_ value: Bool) -> Lanes { .bits(.constant(value)) }

    @inline(__always)
    static func values(count: Int, _ value: (Int) -> Bool) -> Lanes {
        .bits(.bits(packed(count: count, value)))
    }

    @inline(__always) var cell: Cell { .bool(self) }
}

extension Text: KernelValue {
    @inline(__always)
    static func reading<Result>(_ lanes: Lanes, _ body: ((Int) -> Text) -> Result) -> Result {
        guard case .bytes(let lane) = lanes else { mismatch() }
        let mask = lane.isConstant ? 0 : -1
        return unsafe lane.values.bytes.withUnsafeBufferPointer { bytes in
            unsafe lane.values.offsets.withUnsafeBufferPointer { offsets in
                body { row in
                    let start = unsafe Int(offsets[row & mask])
                    let end = unsafe Int(offsets[(row & mask) + 1])
                    return unsafe Text(UnsafeBufferPointer(rebasing: bytes[start..<end]))
                }
            }
        }
    }

    @inline(__always)
    static func striding<Result>(_ lanes: Lanes, _ body: ((Int) -> Text) -> Result) -> Result {
        reading(lanes, body)
    }

    @inline(__always)
    static func borrowing(_ cell: Cell, _ body: (Text) -> Cell) -> Cell {
        guard case .text(let bytes) = cell else { return .null }
        return unsafe bytes.withUnsafeBufferPointer { unsafe body(Text($0)) }
    }
}

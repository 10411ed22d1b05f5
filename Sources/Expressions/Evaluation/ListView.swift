import Columns

/// A type of values that lists hold.
protocol ListElement: SendableMetatype {
    /// Pointers to the elements of a column.
    associatedtype Memory
    static func withMemory<Result>(of column: Column, _ body: (Memory) -> Result) -> Result
    static func load(_ memory: Memory, _ index: Int) -> Self
}

// SAFETY: made only inside a kernel's call, over memory that the column or cell keeps alive until
// the call returns; every access is checked against `count`.
/// A list for the length of one call of a kernel.
@safe
struct ListView<Element: ListElement> {
    private let memory: Element.Memory
    private let validity: Bitmap?
    private let start: Int
    /// How many elements there are.
    let count: Int

    @inline(__always)
    init(_ memory: Element.Memory, _ validity: Bitmap?, _ range: Range<Int>) {
        self.memory = memory
        self.validity = validity
        start = range.lowerBound
        count = range.count
    }

    /// Whether no element can be null.
    var isComplete: Bool { validity == nil }

    /// The element at `index`; nil when it is null.
    @inline(__always)
    subscript(index: Int) -> Element? {
        precondition(index >= 0 && index < count, "index out of range")
        if let validity, !validity[start + index] { return nil }
        return Element.load(memory, start + index)
    }
}

extension ListView: KernelValue {
    @inline(__always)
    static func reading<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result {
        guard case .list(let lane) = lanes,
            case .list(let offsets, let elements) = lane.column.storage
        else { mismatch() }
        let mask = lane.isConstant ? 0 : -1
        let validity = elements.validity
        return Element.withMemory(of: elements) { memory in
            body { row in
                let (first, last) = (offsets[row & mask], offsets[(row & mask) + 1])
                return Self(memory, validity, Int(first)..<Int(last))
            }
        }
    }

    @inline(__always)
    static func striding<Result>(_ lanes: Lanes, _ body: ((Int) -> Self) -> Result) -> Result {
        reading(lanes, body)
    }

    @inline(__always)
    static func borrowing(_ cell: Cell, _ body: (Self) -> Cell) -> Cell {
        guard case .list(let list) = cell else { return .null }
        return Element.withMemory(of: list.elements) { memory in
            body(Self(memory, list.elements.validity, list.range))
        }
    }
}

/// An element of any type, of a list of which only the length matters.
struct AnyElement: ListElement {
    struct Memory {}

    static func withMemory<Result>(of column: Column, _ body: (Memory) -> Result) -> Result {
        body(Memory())
    }
    static func load(_ memory: Memory, _ index: Int) -> AnyElement { AnyElement() }
}

/// Where fixed-width elements are.
// SAFETY: a pointer that lives as long as the `ListView` around it, which checks the bounds.
@safe
struct FixedMemory<Element: FixedKernelValue> {
    fileprivate let pointer: UnsafePointer<Element>?
}

extension FixedKernelValue where Self: ListElement {
    @inline(__always)
    static func withMemory<Result>(
        of column: Column, _ body: (FixedMemory<Self>) -> Result
    ) -> Result {
        guard let lanes = Lanes(column), case .values(let values) = lane(of: lanes) else {
            mismatch()
        }
        return unsafe values.withUnsafeBufferPointer {
            unsafe body(FixedMemory(pointer: $0.baseAddress))
        }
    }

    @inline(__always)
    static func load(_ memory: FixedMemory<Self>, _ index: Int) -> Self {
        guard let pointer = unsafe memory.pointer else { mismatch() }
        return unsafe pointer[index]
    }
}

extension Int32: ListElement {}
extension Int64: ListElement {}
extension Float: ListElement {}
extension Double: ListElement {}

extension Bool: ListElement {
    static func withMemory<Result>(of column: Column, _ body: (Bitmap) -> Result) -> Result {
        if case .bits(let bits) = column.storage { body(bits) } else { mismatch() }
    }
    static func load(_ memory: Bitmap, _ index: Int) -> Bool { memory[index] }
}

extension Text: ListElement {
    static func withMemory<Result>(of column: Column, _ body: (BytesValues) -> Result) -> Result {
        if case .bytes(let values) = column.storage { body(values) } else { mismatch() }
    }
    static func load(_ memory: BytesValues, _ index: Int) -> Text {
        // SAFETY: the column behind the values outlives the kernel's call.
        unsafe memory.withBytes(at: index) { bytes in unsafe Text(bytes) }
    }
}

import Columns

// Kernels that write a text. The operation appends to a scratch array, which the loop over columns
// uses again for every row and the function of cells hands out as the result. Null rows are left
// out, because a text costs more than a number.

/// How long a text may become; a longer one is an overflow.
let greatestTextLength = 1 << 20

/// Appends to the text; says whether it failed.
typealias TextWriter = (inout [UInt8]) -> Fault

extension Invocation {
    @inline(__always)
    fileprivate mutating func write(_ operation: (Int, inout [UInt8]) -> Fault) -> Lanes {
        if case .constant(false) = validity { return .bytes(BytesLane("")) }
        let isConstant = operands.allSatisfy(\.isConstant)
        let rows = isConstant ? 1 : count
        var builder = BytesValuesBuilder(capacity: rows)
        var faults = [Fault: BitmapRows]()
        var scratch: [UInt8] = []
        let valid = isConstant ? BitLane.constant(true) : validity
        for row in 0..<rows {
            scratch.removeAll(keepingCapacity: true)
            if valid.isSet(row) {
                var fault = operation(row, &scratch)
                if fault == .none, isTooLong(scratch, after: builder.byteCount) {
                    fault = .overflow
                }
                if fault != .none {
                    faults[fault, default: BitmapRows()].append(row)
                    scratch.removeAll(keepingCapacity: true)
                }
            }
            builder.append(scratch)
        }
        for (cause, failed) in faults {
            fail(isConstant ? .constant(true) : .bits(failed.bitmap(count: count)), cause)
        }
        return .bytes(BytesLane(values: builder.finish(), isConstant: isConstant))
    }
}

/// A column holds at most 2 GiB of text; what is beyond has no place.
private func isTooLong(_ text: [UInt8], after bytes: Int) -> Bool {
    text.count > greatestTextLength || bytes + text.count > Int(Int32.max)
}

/// Rows in ascending order.
private struct BitmapRows {
    private var rows: [Int] = []

    mutating func append(_ row: Int) { rows.append(row) }

    func bitmap(count: Int) -> Bitmap {
        var builder = BitmapBuilder(capacity: count)
        for row in rows {
            builder.append(false, count: row - builder.count)
            builder.append(true)
        }
        builder.append(false, count: count - builder.count)
        return builder.finish()
    }
}

@inline(__always)
private func written(_ faults: inout FaultCounts, _ operation: TextWriter) -> Cell {
    var text: [UInt8] = []
    var fault = operation(&text)
    if fault == .none, isTooLong(text, after: 0) { fault = .overflow }
    if fault == .none { return .text(text) }
    faults.add(fault)
    return .null
}

extension Kernel {
    /// Writes a text from one operand.
    @inline(__always)
    static func text<A: KernelValue>(
        _ operation: @escaping @Sendable (A, inout [UInt8]) -> Fault
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.striding(call.operands[0]) { a in call.write { operation(a($0), &$1) } }
            },
            cells: .one { a, faults in
                A.borrowing(a) { a in written(&faults) { operation(a, &$0) } }
            })
    }

    /// Writes a text from two operands.
    @inline(__always)
    static func text<A: KernelValue, B: KernelValue>(
        _ operation: @escaping @Sendable (A, B, inout [UInt8]) -> Fault
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.striding(call.operands[0]) { a in
                    B.striding(call.operands[1]) { b in
                        call.write { operation(a($0), b($0), &$1) }
                    }
                }
            },
            cells: .two { a, b, faults in
                A.borrowing(a) { a in
                    B.borrowing(b) { b in written(&faults) { operation(a, b, &$0) } }
                }
            })
    }

    /// Writes a text from three operands.
    @inline(__always)
    static func text<A: KernelValue, B: KernelValue, C: KernelValue>(
        _ operation: @escaping @Sendable (A, B, C, inout [UInt8]) -> Fault
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.striding(call.operands[0]) { a in
                    B.striding(call.operands[1]) { b in
                        C.striding(call.operands[2]) { c in
                            call.write { operation(a($0), b($0), c($0), &$1) }
                        }
                    }
                }
            },
            cells: .three { a, b, c, faults in
                A.borrowing(a) { a in
                    B.borrowing(b) { b in
                        C.borrowing(c) { c in written(&faults) { operation(a, b, c, &$0) } }
                    }
                }
            })
    }
}

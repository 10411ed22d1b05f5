import Columns

// One operation on plain values becomes two forms: a loop over whole columns, and a function of
// single cells. Both come from the same closure; where the table writes it out, the compiler
// inlines it here, so that the loop is a plain one over memory and the function of cells calls
// nothing. (It does so for a closure that these functions capture directly, not through another.)
// A kernel is strict: it sees no
// nulls. The loop runs over null rows too, because that is faster than choosing; what it finds
// there is sorted out by the validity, so an operation must be total over all bits.

/// What a function does, for columns and for one row.
struct Kernel: Sendable {
    typealias Columns = @Sendable (inout Invocation) -> Lanes

    /// Null where an operand is.
    enum Cells: Sendable {
        case one(@Sendable (Cell, inout FaultCounts) -> Cell)
        case two(@Sendable (Cell, Cell, inout FaultCounts) -> Cell)
        case three(@Sendable (Cell, Cell, Cell, inout FaultCounts) -> Cell)
        case four(@Sendable (Cell, Cell, Cell, Cell, inout FaultCounts) -> Cell)
    }

    let columns: Columns
    let cells: Cells
}

@inline(__always)
private func settled<R: KernelResult>(
    _ outcome: (R, Fault), _ faults: inout FaultCounts
) -> Cell {
    if outcome.1.bits == 0 { return outcome.0.cell }
    faults.add(outcome.1)
    return .null
}

extension Invocation {
    /// `operation` of every row, which also says whether it failed.
    ///
    /// A first loop computes all values and collects the causes; only when there is one, a second
    /// loop finds the rows. Rows that are null may look like failures and are sorted out there.
    @inline(__always)
    fileprivate mutating func tabulate<R: KernelResult>(
        _ operation: (Int) -> (R, Fault)
    ) -> Lanes {
        if operands.allSatisfy(\.isConstant) {
            let (value, fault) = operation(0)
            for cause in Fault.causes where fault.bits & cause.bits != 0 {
                fail(.constant(true), cause)
            }
            return R.constant(value)
        }
        var causes: UInt8 = 0
        let result = R.values(count: count) { row in
            let (value, fault) = operation(row)
            causes |= fault.bits
            return value
        }
        if causes == 0 { return result }
        for cause in Fault.causes where causes & cause.bits != 0 {
            fail(.bits(packed(count: count) { operation($0).1.bits & cause.bits != 0 }), cause)
        }
        return result
    }
}

extension Kernel {
    /// A total operation of one operand.
    @inline(__always)
    static func map<A: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A) -> R
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.reading(call.operands[0]) { a in
                    call.tabulate { (operation(a($0)), .none) }
                }
            },
            cells: .one { a, _ in A.borrowing(a) { operation($0).cell } })
    }

    /// A total operation of two operands.
    @inline(__always)
    static func map<A: KernelValue, B: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A, B) -> R
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.reading(call.operands[0]) { a in
                    B.reading(call.operands[1]) { b in
                        call.tabulate { (operation(a($0), b($0)), .none) }
                    }
                }
            },
            cells: .two { a, b, _ in
                A.borrowing(a) { a in B.borrowing(b) { operation(a, $0).cell } }
            })
    }

    /// An operation of one operand that also says whether it failed.
    @inline(__always)
    static func checked<A: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A) -> (R, Fault)
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.reading(call.operands[0]) { a in call.tabulate { operation(a($0)) } }
            },
            cells: .one { a, faults in
                A.borrowing(a) { settled(operation($0), &faults) }
            })
    }

    /// An operation of two operands that also says whether it failed.
    @inline(__always)
    static func checked<A: KernelValue, B: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A, B) -> (R, Fault)
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.reading(call.operands[0]) { a in
                    B.reading(call.operands[1]) { b in
                        call.tabulate { operation(a($0), b($0)) }
                    }
                }
            },
            cells: .two { a, b, faults in
                A.borrowing(a) { a in B.borrowing(b) { settled(operation(a, $0), &faults) } }
            })
    }

    /// An operation of three operands that also says whether it failed.
    @inline(__always)
    static func checked<A: KernelValue, B: KernelValue, C: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A, B, C) -> (R, Fault)
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.striding(call.operands[0]) { a in
                    B.striding(call.operands[1]) { b in
                        C.striding(call.operands[2]) { c in
                            call.tabulate { operation(a($0), b($0), c($0)) }
                        }
                    }
                }
            },
            cells: .three { a, b, c, faults in
                A.borrowing(a) { a in
                    B.borrowing(b) { b in
                        C.borrowing(c) { settled(operation(a, b, $0), &faults) }
                    }
                }
            })
    }

    /// An operation of four operands of one type that also says whether it failed.
    @inline(__always)
    static func checked<A: KernelValue, R: KernelResult>(
        _ operation: @escaping @Sendable (A, A, A, A) -> (R, Fault)
    ) -> Kernel {
        Kernel(
            columns: { call in
                A.striding(call.operands[0]) { a in
                    A.striding(call.operands[1]) { b in
                        A.striding(call.operands[2]) { c in
                            A.striding(call.operands[3]) { d in
                                call.tabulate { operation(a($0), b($0), c($0), d($0)) }
                            }
                        }
                    }
                }
            },
            cells: .four { a, b, c, d, faults in
                A.borrowing(a) { a in
                    A.borrowing(b) { b in
                        A.borrowing(c) { c in
                            A.borrowing(d) { settled(operation(a, b, c, $0), &faults) }
                        }
                    }
                }
            })
    }
}

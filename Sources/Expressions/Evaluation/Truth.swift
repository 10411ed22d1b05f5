/// Three-valued truth: a row may be true, false, or neither, which is null; never both.
struct Truth {
    let isTrue: BitLane
    let isFalse: BitLane

    private init(isTrue: BitLane, isFalse: BitLane) {
        self.isTrue = isTrue
        self.isFalse = isFalse
    }

    /// The truth of an operand of type bool or null.
    init(_ operand: Operand) {
        guard case .rows(.bits(let bits), let validity) = operand else {
            self.init(isTrue: .constant(false), isFalse: .constant(false))
            return
        }
        let valid = BitLane(validity)
        self.init(isTrue: bits.and(valid), isFalse: bits.inverted.and(valid))
    }

    func and(_ other: Truth) -> Truth {
        Truth(isTrue: isTrue.and(other.isTrue), isFalse: isFalse.or(other.isFalse))
    }

    func or(_ other: Truth) -> Truth {
        Truth(isTrue: isTrue.or(other.isTrue), isFalse: isFalse.and(other.isFalse))
    }

    var operand: Operand {
        switch isTrue.or(isFalse) {
        case .constant(true): .rows(.bits(isTrue), validity: nil)
        case .constant(false): .null
        case .bits(let known): .rows(.bits(isTrue), validity: known)
        }
    }
}

/// Why a row has no value; a mask, so that a loop can collect the causes of all rows.
struct Fault: Hashable {
    var bits: UInt8

    static let none = Fault(bits: 0)
    static let overflow = Fault(bits: 1)
    static let divisionByZero = Fault(bits: 2)
    static let badCast = Fault(bits: 4)
    static let domain = Fault(bits: 8)
    /// Nothing failed, there is just no value, such as the third of two elements; not counted.
    static let absent = Fault(bits: 16)
    static let causes = [overflow, divisionByZero, badCast, domain, absent]
}

extension FaultCounts {
    /// Counts `rows` rows that have no value because of `cause`.
    mutating func add(_ cause: Fault, rows: Int = 1) {
        switch cause {
        case .overflow: overflow += rows
        case .divisionByZero: divisionByZero += rows
        case .badCast: badCast += rows
        case .domain: domain += rows
        default: break
        }
    }
}

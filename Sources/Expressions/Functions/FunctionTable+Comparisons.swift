import Values

extension FunctionTable {
    static let comparisons: [Function] = [
        Function("=", equality),
        Function("!=", inequality),
        Function("<", less),
        Function("<=", lessOrEqual),
        Function(">", greater),
        Function(">=", greaterOrEqual),
    ]

    /// One overload for each type; small types take the order of integers.
    private static func overloads(
        integers: Kernel, doubles: Kernel, texts: Kernel, days: Kernel, bools: Kernel
    ) -> [Overload] {
        let kernels: [(DataType, Kernel)] = [
            (.int64, integers), (.double, doubles), (.string, texts), (.bytes, texts),
            (.timestamp, integers), (.duration, integers), (.date, days), (.bool, bools),
        ]
        return kernels.map { Overload([$0, $0], .bool, $1) }
    }

    private static let equality = overloads(
        integers: .map { (a: Int64, b: Int64) in a == b },
        doubles: .map { (a: Double, b: Double) in a == b || (a.isNaN && b.isNaN) },
        texts: .map { (a: Text, b: Text) in a == b },
        days: .map { (a: Int32, b: Int32) in a == b },
        bools: .map { (a: Bool, b: Bool) in a == b })

    private static let inequality = overloads(
        integers: .map { (a: Int64, b: Int64) in a != b },
        doubles: .map { (a: Double, b: Double) in !(a == b || (a.isNaN && b.isNaN)) },
        texts: .map { (a: Text, b: Text) in !(a == b) },
        days: .map { (a: Int32, b: Int32) in a != b },
        bools: .map { (a: Bool, b: Bool) in a != b })

    private static let less = overloads(
        integers: .map { (a: Int64, b: Int64) in a < b },
        doubles: .map { (a: Double, b: Double) in isLess(a, b) },
        texts: .map { (a: Text, b: Text) in a.compare(b) < 0 },
        days: .map { (a: Int32, b: Int32) in a < b },
        bools: .map { (a: Bool, b: Bool) in !a && b })

    private static let lessOrEqual = overloads(
        integers: .map { (a: Int64, b: Int64) in a <= b },
        doubles: .map { (a: Double, b: Double) in !isLess(b, a) },
        texts: .map { (a: Text, b: Text) in a.compare(b) <= 0 },
        days: .map { (a: Int32, b: Int32) in a <= b },
        bools: .map { (a: Bool, b: Bool) in !a || b })

    private static let greater = overloads(
        integers: .map { (a: Int64, b: Int64) in a > b },
        doubles: .map { (a: Double, b: Double) in isLess(b, a) },
        texts: .map { (a: Text, b: Text) in a.compare(b) > 0 },
        days: .map { (a: Int32, b: Int32) in a > b },
        bools: .map { (a: Bool, b: Bool) in a && !b })

    private static let greaterOrEqual = overloads(
        integers: .map { (a: Int64, b: Int64) in a >= b },
        doubles: .map { (a: Double, b: Double) in !isLess(a, b) },
        texts: .map { (a: Text, b: Text) in a.compare(b) >= 0 },
        days: .map { (a: Int32, b: Int32) in a >= b },
        bools: .map { (a: Bool, b: Bool) in a || !b })
}

import Values

/// All operators and functions, by name.
enum FunctionTable {
    static let functions: [String: Function] = Dictionary(
        uniqueKeysWithValues: groups.joined().map { function in
            let more = ofDecimals[function.name].map { [$0] } ?? []
            return (function.name, Function(function.name, function.overloads + more))
        })

    private static let groups = [
        logic, comparisons, arithmetic, rounding, powers, trigonometry, places, texts, textParts,
        times, durations, hashes, buckets, lists, listNumbers, vectors,
    ]

    /// The names that can be called: functions of the table and the forms written like calls.
    static let callableNames: [String] =
        functions.keys.filter { name in
            name.unicodeScalars.first?.isNameStart == true
                && name.unicodeScalars.allSatisfy(\.isNamePart) && Keyword(rawValue: name) == nil
        } + [
            FormName.conditional, FormName.coalesce, FormName.nullIf, FormName.least,
            FormName.greatest, FormName.concat, "cast",
        ]

    /// The kernel of a function over values of `types`, which it must have.
    static func kernel(_ name: String, _ types: [DataType]) -> Kernel {
        guard let function = functions[name],
            let overload = function.overloads.first(where: {
                $0.accepts(types) && $0.takesDecimals == types.contains(where: \.isDecimal)
            })
        else { preconditionFailure("\(name) is not defined for \(types)") }
        return overload.kernel([])
    }

    private static let logic: [Function] = [
        Function(FormName.not, [Overload([.bool], .bool, .map { (value: Bool) in !value })])
    ]
}

extension FunctionTable {
    private static let arithmetic: [Function] = [
        Function(
            "+",
            [
                Overload(
                    [.int64, .int64], .int64, .checked { (a: Int64, b: Int64) in addIntegers(a, b) }
                ),
                Overload(
                    [.double, .double], .double, .map { (a: Double, b: Double) in a + b }),
                Overload(
                    [.timestamp, .duration], .timestamp,
                    .checked { (a: Int64, b: Int64) in addIntegers(a, b) }),
                Overload(
                    [.duration, .timestamp], .timestamp,
                    .checked { (a: Int64, b: Int64) in addIntegers(a, b) }),
                Overload(
                    [.duration, .duration], .duration,
                    .checked { (a: Int64, b: Int64) in addIntegers(a, b) }),
            ]),
        Function(
            "-",
            [
                Overload(
                    [.int64, .int64], .int64,
                    .checked { (a: Int64, b: Int64) in subtractIntegers(a, b) }),
                Overload(
                    [.double, .double], .double, .map { (a: Double, b: Double) in a - b }),
                Overload(
                    [.timestamp, .timestamp], .duration,
                    .checked { (a: Int64, b: Int64) in subtractIntegers(a, b) }),
                Overload(
                    [.timestamp, .duration], .timestamp,
                    .checked { (a: Int64, b: Int64) in subtractIntegers(a, b) }),
                Overload(
                    [.duration, .duration], .duration,
                    .checked { (a: Int64, b: Int64) in subtractIntegers(a, b) }),
            ]),
        Function(
            "*",
            [
                Overload(
                    [.int64, .int64], .int64,
                    .checked { (a: Int64, b: Int64) in multiplyIntegers(a, b) }),
                Overload(
                    [.double, .double], .double, .map { (a: Double, b: Double) in a * b }),
            ]),
        Function(
            "/",
            [
                Overload(
                    [.double, .double], .double,
                    .checked { (a: Double, b: Double) in divideDoubles(a, b) }),
                Overload([.duration, .duration], .double, .checked(divideDurations)),
            ]),
        Function(
            "//",
            [
                Overload(
                    [.int64, .int64], .int64, .checked { (a: Int64, b: Int64) in quotient(a, b) })
            ]),
        Function(
            "%",
            [
                Overload(
                    [.int64, .int64], .int64, .checked { (a: Int64, b: Int64) in remainder(a, b) })
            ]),
        Function(
            FormName.negation,
            [
                Overload([.int64], .int64, .checked { (a: Int64) in negateInteger(a) }),
                Overload([.double], .double, .map { (a: Double) in -a }),
                Overload([.duration], .duration, .checked { (a: Int64) in negateInteger(a) }),
            ]),
        Function(
            "abs",
            [
                Overload([.int64], .int64, .checked { (a: Int64) in absoluteInteger(a) }),
                Overload([.double], .double, .map { (a: Double) in a.magnitude }),
                Overload([.duration], .duration, .checked { (a: Int64) in absoluteInteger(a) }),
            ]),
    ]
}

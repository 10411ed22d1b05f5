import Values

/// All operators and functions, by name.
enum FunctionTable {
    static let functions: [String: Function] = Dictionary(
        uniqueKeysWithValues: (arithmetic + comparisons + times + durations + logic)
            .map { ($0.name, $0) })

    /// The names that can be called: functions of the table and the forms written like calls.
    static let callableNames: [String] =
        functions.keys.filter { $0.unicodeScalars.first?.isNameStart == true && $0 != FormName.not }
        .filter { !$0.contains(" ") } + [FormName.conditional, FormName.coalesce, "cast"]

    private static let logic: [Function] = [
        Function(FormName.not, [Overload([.bool], .bool) { .bits($0.bits(0).inverted) }])
    ]

    private static let arithmetic: [Function] = [
        Function(
            "+",
            [
                Overload([.int64, .int64], .int64, addIntegers),
                Overload([.double, .double], .double) { $0.zipDoubles { $0 + $1 } },
                Overload([.timestamp, .duration], .timestamp, addIntegers),
                Overload([.duration, .timestamp], .timestamp, addIntegers),
                Overload([.duration, .duration], .duration, addIntegers),
            ]),
        Function(
            "-",
            [
                Overload([.int64, .int64], .int64, subtractIntegers),
                Overload([.double, .double], .double) { $0.zipDoubles { $0 - $1 } },
                Overload([.timestamp, .timestamp], .duration, subtractIntegers),
                Overload([.timestamp, .duration], .timestamp, subtractIntegers),
                Overload([.duration, .duration], .duration, subtractIntegers),
            ]),
        Function(
            "*",
            [
                Overload([.int64, .int64], .int64, multiplyIntegers),
                Overload([.double, .double], .double) { $0.zipDoubles { $0 * $1 } },
            ]),
        Function(
            "/",
            [
                Overload([.double, .double], .double, divideDoubles),
                Overload([.duration, .duration], .double, divideDurations),
            ]),
        Function("//", [Overload([.int64, .int64], .int64, quotient)]),
        Function("%", [Overload([.int64, .int64], .int64, remainder)]),
        Function(
            FormName.negation,
            [
                Overload([.int64], .int64, negateIntegers),
                Overload([.double], .double) { $0.mapDoubles { -$0 } },
                Overload([.duration], .duration, negateIntegers),
            ]),
        Function(
            "abs",
            [
                Overload([.int64], .int64, absoluteIntegers),
                Overload([.double], .double) { $0.mapDoubles { $0.magnitude } },
                Overload([.duration], .duration, absoluteIntegers),
            ]),
    ]

    private static let comparisons: [Function] = [
        comparison("=", integers: { .bits($0.compareIntegers { $0 == $1 }) }) {
            .bits($0.compareDoubles { $0 == $1 || ($0.isNaN && $1.isNaN) })
        },
        comparison("!=", integers: { .bits($0.compareIntegers { $0 != $1 }) }) {
            .bits($0.compareDoubles { !($0 == $1 || ($0.isNaN && $1.isNaN)) })
        },
        comparison("<", integers: { .bits($0.compareIntegers { $0 < $1 }) }) {
            .bits($0.compareDoubles { isLess($0, $1) })
        },
        comparison("<=", integers: { .bits($0.compareIntegers { $0 <= $1 }) }) {
            .bits($0.compareDoubles { !isLess($1, $0) })
        },
        comparison(">", integers: { .bits($0.compareIntegers { $0 > $1 }) }) {
            .bits($0.compareDoubles { isLess($1, $0) })
        },
        comparison(">=", integers: { .bits($0.compareIntegers { $0 >= $1 }) }) {
            .bits($0.compareDoubles { !isLess($0, $1) })
        },
    ]

    /// Small types are compared as integers: a bool as 0 and 1, texts by the sign of their order.
    private static func comparison(
        _ name: String, integers: @escaping Overload.Kernel, doubles: @escaping Overload.Kernel
    ) -> Function {
        func overload(_ type: DataType, _ kernel: @escaping Overload.Kernel) -> Overload {
            Overload([type, type], .bool, kernel)
        }
        func converted(_ convert: @escaping @Sendable (inout Invocation) -> Void) -> Overload.Kernel
        {
            { call in
                convert(&call)
                return integers(&call)
            }
        }
        return Function(
            name,
            [
                overload(.int64, integers), overload(.double, doubles),
                overload(.string, converted { $0.compareTexts() }),
                overload(.bytes, converted { $0.compareTexts() }),
                overload(.timestamp, integers), overload(.duration, integers),
                overload(.date, converted { $0.widenDays() }),
                overload(.bool, converted { $0.widenBits() }),
            ])
    }

    private static let times: [Function] = [
        Function(
            "year",
            timeAndDate { $0.mapDays { CivilDate(daysSinceEpoch: $0).year } }),
        Function(
            "month",
            timeAndDate { $0.mapDays { CivilDate(daysSinceEpoch: $0).month } }),
        Function(
            "day",
            timeAndDate { $0.mapDays { CivilDate(daysSinceEpoch: $0).day } }),
        Function(
            "day_of_week",
            timeAndDate { $0.mapDays { dayOfWeek($0) } }),
        Function(
            "day_of_year",
            timeAndDate { $0.mapDays { dayOfYear($0) } }),
        Function(
            "hour",
            [Overload([.timestamp], .int64) { $0.mapTimeOfDay { $0 / 3_600_000_000 } }]),
        Function(
            "minute",
            [Overload([.timestamp], .int64) { $0.mapTimeOfDay { $0 / 60_000_000 % 60 } }]),
        Function(
            "second",
            [Overload([.timestamp], .int64) { $0.mapTimeOfDay { $0 / 1_000_000 % 60 } }]),
    ]

    private static func timeAndDate(_ kernel: @escaping Overload.Kernel) -> [Overload] {
        [Overload([.timestamp], .int64, kernel), Overload([.date], .int64, kernel)]
    }

    private static let durations: [Function] = [
        duration("seconds", 1_000_000), duration("minutes", 60_000_000),
        duration("hours", 3_600_000_000), duration("days", 86_400_000_000),
    ]

    private static func duration(_ name: String, _ unit: Int64) -> Function {
        Function(
            name,
            [
                Overload([.int64], .duration) { scaleIntegers(&$0, by: unit) },
                Overload([.double], .duration) { scaleDoubles(&$0, by: unit) },
            ])
    }
}

import Values

extension FunctionTable {
    static let times: [Function] = [
        dayPart("year") { CivilDate(daysSinceEpoch: $0).year },
        dayPart("quarter") { (CivilDate(daysSinceEpoch: $0).month + 2) / 3 },
        dayPart("month") { CivilDate(daysSinceEpoch: $0).month },
        dayPart("week", weekOfYear),
        dayPart("day") { CivilDate(daysSinceEpoch: $0).day },
        dayPart("day_of_week", dayOfWeek),
        dayPart("day_of_year", dayOfYear),
        clockPart("hour") { $0 / 3_600_000_000 },
        clockPart("minute") { $0 / 60_000_000 % 60 },
        clockPart("second") { $0 / 1_000_000 % 60 },
        Function(
            "local_date",
            [
                Overload([.value(.timestamp), .zone], .date) { constants in
                    inZone(constants) { Int32(truncatingIfNeeded: dayNumber($0)) }
                }
            ]),
        Function("date_trunc", truncations),
    ]

    /// A part of the day of a date or a timestamp, in UTC or in a zone.
    private static func dayPart(
        _ name: String, _ part: @escaping @Sendable (Int64) -> Int64
    ) -> Function {
        Function(
            name,
            [
                Overload([.timestamp], .int64, .map { (time: Int64) in part(dayNumber(time)) }),
                Overload([.date], .int64, .map { (days: Int32) in part(Int64(days)) }),
                Overload([.value(.timestamp), .zone], .int64) { constants in
                    inZone(constants) { part(dayNumber($0)) }
                },
            ])
    }

    /// A part of the microseconds since midnight of a timestamp, in UTC or in a zone.
    private static func clockPart(
        _ name: String, _ part: @escaping @Sendable (Int64) -> Int64
    ) -> Function {
        @Sendable func clock(_ time: Int64) -> Int64 {
            part(EventTime(microseconds: time).microsecondsOfDay)
        }
        return Function(
            name,
            [
                Overload([.timestamp], .int64, .map { (time: Int64) in clock(time) }),
                Overload([.value(.timestamp), .zone], .int64) { inZone($0, clock) },
            ])
    }

    /// `operation` of what a clock in the zone shows, as microseconds since the epoch in UTC.
    private static func inZone<R: KernelResult>(
        _ constants: [Constant], _ operation: @escaping @Sendable (Int64) -> R
    ) -> Kernel {
        guard case .zone(let zone) = constants[0] else { mismatch() }
        return .checked { (time: Int64) in
            let (local, fault) = localTime(time, zone)
            return (operation(local), fault)
        }
    }

    private static let truncations: [Overload] = [
        Overload([.word(TimeUnit.names), .value(.timestamp)], .timestamp) { constants in
            let unit = TimeUnit(constants[0])
            return .checked(unit.truncate)
        },
        Overload([.word(TimeUnit.names), .value(.timestamp), .zone], .timestamp) { constants in
            guard case .zone(let zone) = constants[1] else { mismatch() }
            let unit = TimeUnit(constants[0])
            return .checked { (time: Int64) in unit.truncate(time, in: zone) }
        },
        Overload([.word(TimeUnit.dayNames), .value(.date)], .date) { constants in
            let unit = TimeUnit(constants[0])
            return .checked { (days: Int32) in
                let first = Int32(exactly: unit.firstDay(of: Int64(days)))
                return first.map { ($0, .none) } ?? (0, .overflow)
            }
        },
    ]

    static let durations: [Function] = [
        duration("seconds", 1_000_000), duration("minutes", 60_000_000),
        duration("hours", 3_600_000_000), duration("days", 86_400_000_000),
    ]

    private static func duration(_ name: String, _ unit: Int64) -> Function {
        Function(
            name,
            [
                Overload(
                    [.int64], .duration, .checked { (a: Int64) in multiplyIntegers(a, unit) }),
                Overload([.double], .duration, .checked { (a: Double) in scale(a, by: unit) }),
            ])
    }
}

private func dayNumber(_ time: Int64) -> Int64 { EventTime(microseconds: time).daysSinceEpoch }

/// 1 for the first of January.
@Sendable
private func dayOfYear(_ days: Int64) -> Int64 {
    let year = CivilDate(daysSinceEpoch: days).year
    return days - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + 1
}

/// 1 for Monday to 7 for Sunday.
@Sendable
private func dayOfWeek(_ days: Int64) -> Int64 {
    let remainder = (days + 3) % 7
    return (remainder < 0 ? remainder + 7 : remainder) + 1
}

/// The week of ISO 8601, 1 to 53: the one that has the Thursday.
@Sendable
private func weekOfYear(_ days: Int64) -> Int64 {
    (dayOfYear(days - dayOfWeek(days) + 4) - 1) / 7 + 1
}

import Values

/// A unit that points in time are cut to.
enum TimeUnit: String, CaseIterable {
    case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year

    static let names = allCases.map(\.rawValue)
    static let dayNames = [day, .week, .month, .quarter, .year].map(\.rawValue)

    /// Of a checked argument.
    init(_ constant: Constant) {
        guard case .word(let name) = constant, let unit = TimeUnit(rawValue: name) else {
            preconditionFailure("a checked word is a unit")
        }
        self = unit
    }

    /// Its length where all are of one length and shorter than a day.
    private var microseconds: Int64? {
        switch self {
        case .microsecond: 1
        case .millisecond: 1_000
        case .second: 1_000_000
        case .minute: 60_000_000
        case .hour: 3_600_000_000
        default: nil
        }
    }

    /// The first day of the unit that `days` lies in; weeks begin on Monday.
    func firstDay(of days: Int64) -> Int64 {
        var date = CivilDate(daysSinceEpoch: days)
        switch self {
        case .week: return days - date.dayOfWeek + 1
        case .month: date.day = 1
        case .quarter:
            date.day = 1
            date.month -= (date.month - 1) % 3
        case .year:
            date.day = 1
            date.month = 1
        default: return days
        }
        return date.daysSinceEpoch
    }

    /// The beginning of the unit that `time` lies in, in UTC.
    @Sendable
    func truncate(_ time: Int64) -> (Int64, Fault) {
        if let microseconds {
            let remainder = time % microseconds
            return subtractIntegers(time, remainder < 0 ? remainder + microseconds : remainder)
        }
        let day = firstDay(of: EventTime(microseconds: time).daysSinceEpoch)
        return multiplyIntegers(day, 86_400_000_000)
    }

    /// The beginning of the unit that a clock in `zone` shows.
    ///
    /// A midnight that the clock shows twice is the earlier one, and one that it skips is the
    /// moment after the gap.
    func truncate(_ time: Int64, in zone: ZoneTable) -> (Int64, Fault) {
        let (local, beyond) = localTime(time, zone)
        let (start, fault) = truncate(local)
        guard beyond == .none, fault == .none else { return (0, .overflow) }
        // Such a unit has no change of the clock inside, so it began as long ago here as there.
        if microseconds != nil { return subtractIntegers(time, local - start) }
        // A zone looks a day around, which must fit too; at the ends of time the offset stays.
        guard start.magnitude < 9_223_000_000_000_000_000 else {
            return subtractIntegers(start, local - time)
        }
        return (zone.instant(ofLocal: start), .none)
    }
}

/// What a clock in `zone` shows at `time`; both in microseconds.
func localTime(_ time: Int64, _ zone: ZoneTable) -> (Int64, Fault) {
    let seconds = EventTime(microseconds: time).floor(to: EventDuration(microseconds: 1_000_000))
    return addIntegers(time, zone.offset(atSecond: seconds.microseconds / 1_000_000) * 1_000_000)
}

public import Values

extension SQLRegistry {
    /// Takes an interval for the caller alone; see `RegistryStore`.
    public func claim(
        _ interval: ViewInterval, identity: RecordIdentity, owner: ClaimOwner, at time: EventTime,
        lease: EventDuration
    ) throws(RegistryError) -> IntervalClaim {
        try write { connection throws(RegistryError) in
            let known = try IntervalRecord.read(
                "WHERE view = ?1 AND starts_at < ?3 AND ends_at > ?2", interval.values, connection)
            let obstacle = known.first { $0.isRunning(at: time) && $0.owner != owner }
            if let obstacle { return .running(obstacle) }
            let previous = known.first { $0.interval == interval }
            if let previous, previous.state == .done, previous.identity == identity {
                return .done(previous)
            }
            try connection.run(
                "DELETE FROM intervals WHERE view = ?1 AND starts_at = ?2 AND ends_at = ?3",
                interval.values)
            try connection.run(
                """
                INSERT INTO intervals
                VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?6, ?7, ?8, ?9, NULL, ?10)
                """,
                interval.values + [
                    .bytes(identity.bytes), .bytes(owner.token), .text(owner.machine),
                    .integer(owner.process), .integer(owner.processStart),
                    .integer(time.advanced(by: lease).microseconds), .integer(time.microseconds),
                ])
            return .claimed(previous: previous)
        }
    }

    /// Says that the owner still works at it; see `RegistryStore`.
    public func renew(
        _ interval: ViewInterval, owner: ClaimOwner, at time: EventTime, lease: EventDuration
    ) throws(RegistryError) {
        try change(
            interval, of: owner, "lease_end = ?5, changed_at = ?6",
            [
                .integer(time.advanced(by: lease).microseconds), .integer(time.microseconds),
            ])
    }

    /// Says that the interval's rows are in the stores; see `RegistryStore`.
    public func finish(
        _ interval: ViewInterval, owner: ClaimOwner, rows: Int, at time: EventTime
    ) throws(RegistryError) {
        try change(
            interval, of: owner, "state = 'done', rows = ?5, changed_at = ?6, \(noOwner)",
            [.count(rows), .integer(time.microseconds)])
    }

    /// Gives a claim back after a failure; see `RegistryStore`.
    public func giveUp(
        _ interval: ViewInterval, owner: ClaimOwner, at time: EventTime
    ) throws(RegistryError) {
        try change(
            interval, of: owner, "state = 'stale', rows = ?5, changed_at = ?6, \(noOwner)",
            [.null, .integer(time.microseconds)])
    }

    private func change(
        _ interval: ViewInterval, of owner: ClaimOwner, _ assignments: String,
        _ values: [SQLValue]
    ) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            let changed = try connection.run(
                """
                UPDATE intervals SET \(assignments)
                WHERE view = ?1 AND starts_at = ?2 AND ends_at = ?3 AND token = ?4
                """, interval.values + [.bytes(owner.token)] + values)
            guard changed == 1 else {
                throw RegistryError(
                    .conflict,
                    "the claim to \(interval.view) from \(interval.from) to \(interval.to) was "
                        + "lost: another process took it over",
                    hint: "stop this run; the other one does the work")
            }
        }
    }

    /// Marks a done interval as stale; see `RegistryStore`.
    public func markStale(_ interval: ViewInterval, at time: EventTime) throws(RegistryError) {
        _ = try write { connection throws(RegistryError) in
            try connection.run(
                """
                UPDATE intervals SET state = 'stale', changed_at = ?4
                WHERE view = ?1 AND starts_at = ?2 AND ends_at = ?3 AND state = 'done'
                """, interval.values + [.integer(time.microseconds)])
        }
    }

    /// The intervals of a view, in order of time.
    public func intervals(of view: String) throws(RegistryError) -> [IntervalRecord] {
        try read { connection throws(RegistryError) in
            try IntervalRecord.read("WHERE view = ?1", [.text(view)], connection)
        }
    }
}

private let noOwner =
    "token = NULL, machine = NULL, process = NULL, process_start = NULL, lease_end = NULL"

extension ViewInterval {
    fileprivate var values: [SQLValue] {
        [.text(view), .integer(from.microseconds), .integer(to.microseconds)]
    }
}

extension IntervalRecord {
    /// Whether somebody who may be alive works at it.
    fileprivate func isRunning(at time: EventTime) -> Bool {
        guard state == .running, let owner, let leaseEnd else { return false }
        return time < leaseEnd && !owner.isGone
    }

    fileprivate static func read(
        _ condition: String, _ values: [SQLValue], _ connection: any SQLConnection
    ) throws(RegistryError) -> [IntervalRecord] {
        try connection.rows(
            "SELECT * FROM intervals \(condition) ORDER BY starts_at, ends_at", values
        ) { row throws(RegistryError) in
            guard let state = State(rawValue: try row.text(4)), row.integer(1) < row.integer(2)
            else {
                throw RegistryError(
                    .corrupt, "the registry holds an interval of no sense", hint: remedyForDamage)
            }
            return IntervalRecord(
                interval: ViewInterval(
                    view: try row.text(0), from: row.time(1), to: row.time(2)),
                identity: try row.identity(3), state: state,
                owner: row.isNull(5)
                    ? nil
                    : ClaimOwner(
                        token: row.bytes(5), machine: try row.text(6), process: row.integer(7),
                        processStart: row.integer(8)),
                leaseEnd: row.optionalTime(9), rows: row.isNull(10) ? nil : row.count(10),
                changedAt: row.time(11))
        }
    }
}

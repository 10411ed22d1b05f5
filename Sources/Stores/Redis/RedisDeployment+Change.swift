import Redis

// Every change of what stands in a server is one command, in a transaction that watches what it was
// made of. Redis from 7 on writes such a transaction to its append-only file as that command alone,
// and drops all of it when it starts after its end was cut off. Of several commands it would keep the
// whole ones, after the MULTI, and run them at its next start together with the transaction
// behind them: half of a change that never was.

extension RedisDeployment {
    /// Reads `keys`, which one server has, and runs the command that `change` makes of what is there,
    /// in one step.
    ///
    /// - Parameters:
    ///   - keys: what is read; nobody else may change it meanwhile.
    ///   - attempts: how often it is begun anew because others were faster, or keys moved.
    ///   - repeats: whether it is begun anew also when nobody knows whether it was done.
    ///   - busy: what to throw when others are faster again and again.
    ///   - change: makes a command of what is there, or none when there is nothing to do; called again
    ///     with each attempt.
    /// - Throws: what `change` throws; `busy`; what the server refuses.
    func change(
        _ keys: [[UInt8]], attempts: Int, repeats: Bool = true, busy: @autoclosure () -> StoreError,
        _ change: ([[UInt8]?]) throws(StoreError) -> RedisCommands
    ) throws(StoreError) {
        for attempt in 1...attempts {
            let outcome: ChangeOutcome
            do throws(RedisError) {
                outcome = try withServer(of: keys[0]) { connection throws(RedisError) in
                    try connection.attempt(keys, change)
                }
            } catch {
                let mayRepeat = error.code == .moved || repeats && error.code == .disconnected
                guard mayRepeat, attempt < attempts else { throw StoreError(error) }
                continue
            }
            switch outcome {
            case .done: return
            case .overtaken: continue
            case .refused(let error): throw error
            }
        }
        throw busy()
    }
}

private enum ChangeOutcome {
    case done
    /// Somebody else wrote first.
    case overtaken
    case refused(StoreError)
}

extension RedisConnection {
    fileprivate func attempt(
        _ keys: [[UInt8]], _ change: ([[UInt8]?]) throws(StoreError) -> RedisCommands
    ) throws(RedisError) -> ChangeOutcome {
        var read = RedisCommands()
        read.append("WATCH", keys)
        read.append("MGET", keys)
        let replies = try run(read)
        try replies[0].confirm()
        let there = try replies[1].optionalStrings(keys.count)
        let commands: RedisCommands
        do throws(StoreError) {
            commands = try change(there)
        } catch {
            try run("UNWATCH").confirm()
            return .refused(error)
        }
        return try commit(commands) ? .done : .overtaken
    }
}

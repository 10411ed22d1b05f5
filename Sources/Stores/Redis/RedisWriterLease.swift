import Redis

/// The right to write to the views of a server, for a while: a token under one key.
///
/// Who stops renewing it loses it after `time`, so a killed writer is no obstacle for ever. Whether
/// it is still held is checked in the transaction that publishes.
struct RedisWriterLease {
    static let time: Duration = .seconds(60)

    let token: [UInt8]
    private let deployment: any RedisDeployment
    private var renewal: ContinuousClock.Instant

    /// How often a transaction is begun anew because its keys moved.
    private static let attempts = 5

    /// Takes the right to write.
    ///
    /// - Throws: `busy` when another writer has it.
    init(_ deployment: any RedisDeployment) throws(StoreError) {
        self.deployment = deployment
        token = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        renewal = .now + Self.time / 3
        let reply = try RedisOnlineStore.storeErrors { [token] () throws(RedisError) in
            try deployment.withServer(of: RedisMetaKey.writer) { connection throws(RedisError) in
                var commands = RedisCommands()
                commands.append(
                    "SET",
                    [
                        RedisMetaKey.writer, token, Array("NX".utf8), Array("PX".utf8),
                        Self.milliseconds,
                    ])
                return try connection.run(commands)[0].checked()
            }
        }
        guard reply == .status("OK") else {
            throw StoreError(
                .busy, "another job is writing to \(deployment)",
                hint:
                    "wait until it has ended (a minute if it was killed); readers are not disturbed"
            )
        }
    }

    private static var milliseconds: [UInt8] {
        Array("\(time.components.seconds * 1000)".utf8)
    }

    /// Prolongs the right when a third of its time is over.
    ///
    /// - Throws: `busy` when another has taken it.
    mutating func renew() throws(StoreError) {
        guard ContinuousClock.now >= renewal else { return }
        renewal = .now + Self.time / 3
        try transact { commands in
            commands.append("PEXPIRE", [RedisMetaKey.writer, Self.milliseconds])
        }
    }

    /// Gives the right back.
    func release() throws(StoreError) {
        try transact { commands in commands.append("DEL", [RedisMetaKey.writer]) }
    }

    /// Runs commands about the store's records in one transaction, if the right is still held.
    ///
    /// A transaction whose keys move to another server is given up as a whole and begun anew.
    /// - Throws: `busy` when the right is lost: nothing was done then.
    func transact(_ fill: (inout RedisCommands) -> Void) throws(StoreError) {
        var attempt = 1
        while true {
            let isHeld: Bool
            do throws(RedisError) {
                isHeld = try attemptTransaction(fill)
            } catch {
                guard error.code == .moved, attempt < Self.attempts else { throw StoreError(error) }
                attempt += 1
                continue
            }
            if isHeld { return }
            throw StoreError(
                .busy, "this job was too slow: another one writes to \(deployment) by now",
                hint: "run it again when the other has ended")
        }
    }

    /// Whether a replica has all that the lease's transactions wrote.
    ///
    /// A server tells only of what was written on the same connection, so the right is prolonged
    /// there: what a replica has of that, it has of everything before.
    func isReplicated() -> Bool {
        let replicas = try? deployment.withServer(of: RedisMetaKey.writer) {
            connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append("PEXPIRE", [RedisMetaKey.writer, Self.milliseconds])
            commands.append("WAIT", "1", "1000")
            return try connection.run(commands)[1].number()
        }
        return (replicas ?? 0) > 0
    }

    /// - Returns: false when the right is lost.
    private func attemptTransaction(
        _ fill: (inout RedisCommands) -> Void
    ) throws(RedisError) -> Bool {
        try deployment.withServer(of: RedisMetaKey.writer) { connection throws(RedisError) in
            var check = RedisCommands()
            check.append("WATCH", [RedisMetaKey.writer])
            check.append("GET", [RedisMetaKey.writer])
            let held = try connection.run(check)
            try held[0].confirm()
            guard try held[1].optionalBytes() == token else {
                _ = try connection.run("UNWATCH")
                return false
            }
            var commands = RedisCommands()
            fill(&commands)
            return try connection.commit(commands)
        }
    }
}

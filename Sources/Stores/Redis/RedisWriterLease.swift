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

    /// How often a transaction is begun anew because its keys moved, or changed.
    private static let attempts = 16

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

    /// Runs a command about the store's records, if the right is still held.
    ///
    /// - Throws: `busy` when the right is lost: nothing was done then.
    func transact(_ fill: (inout RedisCommands) -> Void) throws(StoreError) {
        try change([]) { _ in
            var commands = RedisCommands()
            fill(&commands)
            return commands
        }
    }

    /// Reads records of the store and runs the command that `change` makes of what is there, in one
    /// step, if the right is still held; see `RedisDeployment.change`.
    ///
    /// - Throws: `busy` when the right is lost: nothing was done then; what `change` throws.
    func change(
        _ keys: [[UInt8]], _ change: ([[UInt8]?]) throws(StoreError) -> RedisCommands
    ) throws(StoreError) {
        let busy = StoreError(
            .busy, "this job was too slow: another one writes to \(deployment) by now",
            hint: "run it again when the other has ended")
        try deployment.change(
            [RedisMetaKey.writer] + keys, attempts: Self.attempts, repeats: false, busy: busy
        ) { there throws(StoreError) in
            guard there[0] == token else { throw busy }
            return try change(Array(there.dropFirst()))
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
}

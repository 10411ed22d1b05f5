extension RedisConnection {
    /// Runs commands in one step, unless a key that was watched on this connection has changed.
    ///
    /// - Returns: whether they were run; nobody is watched after it.
    /// - Throws: `moved` when a key is elsewhere by now, and what the server answers if that is an
    ///   error: nothing was done then, unless the connection broke.
    public func commit(_ commands: RedisCommands) throws(RedisError) -> Bool {
        guard commands.count > 0 else {
            try run("UNWATCH").confirm()
            return true
        }
        var transaction = RedisCommands()
        transaction.append("MULTI")
        for index in 0..<commands.count { transaction.append(index, of: commands) }
        transaction.append("EXEC")
        let replies = try run(transaction)
        for reply in replies.dropLast() { _ = try reply.checked() }
        guard let last = replies.last, last != .null else { return false }
        for reply in try last.elements(commands.count) { _ = try reply.checked() }
        return true
    }
}

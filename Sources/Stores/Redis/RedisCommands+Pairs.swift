import Redis

extension RedisCommands {
    /// One command that sets keys to values, which stand behind them; none for no pairs.
    static func setting(_ pairs: [[UInt8]]) -> RedisCommands {
        var commands = RedisCommands()
        if !pairs.isEmpty { commands.append("MSET", pairs) }
        return commands
    }
}

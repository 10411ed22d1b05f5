/// Writes many commands: while a batch is on its way the next one can be prepared.
///
/// What it was answered is written where it belongs, even if keys moved meanwhile. A connection
/// that breaks ends the stream: what was written through it may be lost with the server, so the
/// caller begins anew. Used by one caller at a time.
public final class RedisStream {
    private let deployment: any RedisDeployment
    private var connections: [RedisAddress: RedisConnection] = [:]
    private var underWay: [Part] = []

    /// The commands that one server was sent.
    private struct Part {
        let connection: RedisConnection
        var commands = KeyedCommands()
    }

    /// A stream that has sent nothing.
    public init(_ deployment: any RedisDeployment) { self.deployment = deployment }

    /// Sends a batch after the one before it was answered.
    ///
    /// - Throws: what a server answers if that is an error, also to the batch before.
    public func send(_ batch: KeyedCommands) throws(RedisError) {
        try settle()
        if deployment.tagCount == 1 {
            let connection = try connection(to: deployment.server(ofSlot: 0))
            try connection.send(batch.commands)
            underWay = [Part(connection: connection, commands: batch)]
            return
        }
        var parts: [Part] = []
        var places: [ObjectIdentifier: Int] = [:]
        for (index, slot) in batch.slots.enumerated() {
            let server = try deployment.server(ofSlot: slot)
            var place = places[ObjectIdentifier(server)] ?? -1
            if place < 0 {
                place = parts.count
                places[ObjectIdentifier(server)] = place
                parts.append(Part(connection: try connection(to: server)))
            }
            parts[place].commands.append(index, of: batch)
        }
        for part in parts { try part.connection.send(part.commands.commands) }
        underWay = parts
    }

    /// Waits until all that was sent is written.
    public func settle() throws(RedisError) {
        let parts = underWay
        underWay = []
        var moved = KeyedCommands()
        for part in parts {
            let replies = try part.connection.receive(part.commands.count)
            for (index, reply) in replies.enumerated() {
                if reply.isRedirection {
                    moved.append(index, of: part.commands)
                } else {
                    try reply.confirm()
                }
            }
        }
        if moved.count > 0 {
            for reply in try deployment.run(moved) { try reply.confirm() }
        }
    }

    private func connection(to server: RedisPool) throws(RedisError) -> RedisConnection {
        if let connection = connections[server.address] { return connection }
        let connection = try server.take()
        connections[server.address] = connection
        return connection
    }
}

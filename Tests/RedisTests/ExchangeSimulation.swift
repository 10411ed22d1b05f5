import Foundation

@testable import Redis

/// Servers in memory behind a `RedisExchange`, whose answers, failures and clock a test decides.
///
/// The value of a key is its name, so every answer tells which question it belongs to.
struct ExchangeSimulation {
    /// One connection, as its server sees it.
    struct Connection {
        var place: RedisAddress.Place
        var isConnected = false
        var owesSent = false
        /// Answers that are not delivered.
        var replies: [RedisReply] = []
        var mayAsk = false
    }

    var exchange: RedisExchange
    var now: RedisExchange.Instant = 0
    var connections: [Int: Connection] = [:]
    /// How often the exchange connected.
    var connects = 0
    /// Bytes that were sent in one piece.
    var writes: [[UInt8]] = []
    /// For each slot the server that has it; only in a cluster.
    var owners: [RedisAddress.Place]
    /// Slots that are on their way to another server.
    var migrating: [Int: RedisAddress.Place] = [:]
    private(set) var finished: [Int: Result<[RedisReply], RedisError>] = [:]
    /// Tickets that were answered twice.
    private(set) var twice: [Int] = []
    let password: String?

    static let places: [RedisAddress.Place] = (1...3).map { .host("10.0.0.\($0)", port: 6379) }

    init(
        isCluster: Bool = false, password: String? = nil,
        limits: RedisExchange.Limits = .init()
    ) {
        var address = RedisAddress(Self.places[0])
        address.password = password
        self.password = password
        exchange = RedisExchange(address, isCluster: isCluster, limits: limits)
        owners = (0..<HashSlot.count).map { Self.places[$0 * 3 / HashSlot.count] }
        if !isCluster { owners = owners.map { _ in Self.places[0] } }
    }

    /// Asks for keys.
    mutating func ask(_ keys: [String], ticket: Int, within time: UInt64 = 1000) {
        var commands = KeyedCommands()
        for key in keys { commands.append("GET", about: Array(key.utf8), [Array(key.utf8)]) }
        exchange.ask(commands, ticket: ticket, by: now + time, at: now)
        settle()
    }

    /// Ends a turn of the loop.
    mutating func flush() {
        exchange.flush()
        settle()
    }

    mutating func tick(after time: UInt64) {
        now += time
        exchange.tick(at: now)
        settle()
    }

    mutating func connect(_ server: Int) {
        connections[server]?.isConnected = true
        exchange.connected(server, at: now)
        settle()
    }

    mutating func ackSent(_ server: Int) {
        connections[server]?.owesSent = false
        exchange.sent(server)
        settle()
    }

    mutating func fail(_ server: Int, _ code: RedisError.Code = .disconnected) {
        connections[server] = nil
        exchange.broke(server, RedisError(code, "broken"), at: now)
        settle()
    }

    mutating func deliver(_ server: Int) {
        guard let reply = connections[server]?.replies.removeFirst() else { return }
        receive(reply, server)
    }

    mutating func receive(_ reply: RedisReply, _ server: Int) {
        exchange.received(reply, from: server, at: now)
        settle()
    }

    /// Does everything that is due until nothing is.
    mutating func run() {
        while true {
            flush()
            let before = finished.count
            var hasMoved = false
            for server in connections.keys.sorted() {
                guard let connection = connections[server] else { continue }
                if !connection.isConnected { connect(server) }
                if connections[server]?.owesSent == true { ackSent(server) }
                while connections[server]?.replies.isEmpty == false {
                    deliver(server)
                    hasMoved = true
                }
            }
            if !hasMoved, finished.count == before { return }
        }
    }

    private mutating func settle() {
        for action in exchange.takeActions() {
            switch action {
            case .connect(let server, let address):
                connects += 1
                connections[server] = Connection(place: address.place)
            case .send(let server, let bytes):
                writes.append(bytes)
                connections[server]?.owesSent = true
                for command in Self.commands(in: bytes) { serve(command, server) }
            case .close(let server): connections[server] = nil
            }
        }
        for result in exchange.takeFinished() {
            if finished.updateValue(result.result, forKey: result.ticket) != nil {
                twice.append(result.ticket)
            }
        }
    }

    private mutating func serve(_ words: [String], _ server: Int) {
        guard let place = connections[server]?.place else { return }
        var reply = RedisReply.status("OK")
        switch words[0] {
        case "AUTH": if words[1] != password { reply = .error("WRONGPASS no") }
        case "ASKING": connections[server]?.mayAsk = true
        case "CLUSTER": reply = slots()
        case "GET":
            reply = answer(to: words[1], at: place, connections[server]?.mayAsk == true)
            connections[server]?.mayAsk = false
        default: break
        }
        connections[server]?.replies.append(reply)
    }

    private func answer(
        to key: String, at place: RedisAddress.Place, _ mayAsk: Bool
    ) -> RedisReply {
        let slot = HashSlot.of(Array(key.utf8))
        if let target = migrating[slot] {
            if place == target, mayAsk { return .bytes(Array(key.utf8)) }
            if place == owners[slot] { return .error("ASK \(slot) \(target.text)") }
        }
        guard place == owners[slot] else {
            return .error("MOVED \(slot) \(owners[slot].text)")
        }
        return .bytes(Array(key.utf8))
    }

    /// The answer to CLUSTER SLOTS.
    private func slots() -> RedisReply {
        var ranges: [RedisReply] = []
        var first = 0
        for slot in 1...HashSlot.count where slot == HashSlot.count || owners[slot] != owners[first]
        {
            guard case .host(let host, let port) = owners[first] else { continue }
            ranges.append(
                .array([
                    .integer(Int64(first)), .integer(Int64(slot - 1)),
                    .array([.bytes(Array(host.utf8)), .integer(Int64(port))]),
                ]))
            first = slot
        }
        return .array(ranges)
    }

    /// The words of the commands in `bytes`.
    static func commands(in bytes: [UInt8]) -> [[String]] {
        var lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")[...]
        var commands: [[String]] = []
        while let head = lines.popFirst(), head.hasPrefix("*") {
            var words: [String] = []
            for _ in 0..<(Int(head.dropFirst()) ?? 0) {
                lines = lines.dropFirst()
                words.append(lines.popFirst() ?? "")
            }
            commands.append(words)
        }
        return commands
    }
}

extension RedisAddress.Place {
    fileprivate var text: String {
        guard case .host(let host, let port) = self else { return "" }
        return "\(host):\(port)"
    }
}

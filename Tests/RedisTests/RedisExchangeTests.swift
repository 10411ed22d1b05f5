import TestSupport
import Testing

@testable import Redis

@Suite("Sharing connections to Redis")
struct RedisExchangeTests {
    private func values(_ keys: String...) -> [RedisReply] { keys.map { .bytes(Array($0.utf8)) } }

    private func error(_ simulation: ExchangeSimulation, _ ticket: Int) -> RedisError? {
        guard case .failure(let error)? = simulation.finished[ticket] else { return nil }
        return error
    }

    @Test("connects when it is asked first, signs in, and sends all of one turn as one write")
    func coalescing() throws {
        var simulation = ExchangeSimulation(password: "secret")
        simulation.flush()
        #expect(simulation.connects == 0)
        for ticket in 0..<50 { simulation.ask(["a\(ticket)", "b\(ticket)"], ticket: ticket) }
        simulation.connect(0)
        let signIn = ExchangeSimulation.commands(in: try #require(simulation.writes.first))
        #expect(signIn == [["AUTH", "secret"], ["SELECT", "0"]])
        simulation.run()
        #expect(simulation.connects == 1 && simulation.writes.count == 2)
        #expect(ExchangeSimulation.commands(in: simulation.writes[1]).count == 100)
        for ticket in 0..<50 {
            let result = try simulation.finished[ticket]?.get()
            #expect(result == values("a\(ticket)", "b\(ticket)"))
        }
    }

    @Test("sends nothing more while the last write is not taken")
    func sending() {
        var simulation = ExchangeSimulation()
        simulation.ask(["a"], ticket: 1)
        simulation.connect(0)
        simulation.ackSent(0)
        simulation.deliver(0)
        simulation.flush()
        simulation.ask(["b"], ticket: 2)
        simulation.flush()
        #expect(simulation.writes.count == 2)
        simulation.ackSent(0)
        simulation.flush()
        #expect(simulation.writes.count == 3)
    }

    @Test("never takes a late answer for that of another question")
    func lateness() throws {
        var simulation = ExchangeSimulation()
        simulation.ask(["first"], ticket: 1)
        simulation.run()
        simulation.ask(["late"], ticket: 2, within: 500)
        simulation.flush()
        simulation.ackSent(0)
        simulation.ask(["next"], ticket: 3, within: 2000)
        simulation.tick(after: 500)
        #expect(error(simulation, 2)?.code == .timeout)
        simulation.run()
        #expect(try simulation.finished[3]?.get() == values("next"))
        #expect(simulation.connects == 1)
    }

    @Test("gives a connection up that owes answers and says nothing, and connects anew")
    func silence() throws {
        var simulation = ExchangeSimulation()
        simulation.ask(["first"], ticket: 1)
        simulation.run()
        simulation.ask(["lost"], ticket: 2, within: 10_000)
        simulation.flush()
        simulation.tick(after: 2999)
        #expect(simulation.finished[2] == nil)
        simulation.tick(after: 1)
        #expect(error(simulation, 2)?.code == .timeout)
        simulation.tick(after: 20)
        simulation.ask(["found"], ticket: 3)
        simulation.run()
        #expect(try simulation.finished[3]?.get() == values("found"))
    }

    @Test("refuses at once while a server cannot be reached, with a growing pause")
    func backOff() throws {
        var simulation = ExchangeSimulation()
        var pauses: [UInt64] = []
        for ticket in 0..<12 {
            simulation.ask(["k"], ticket: 2 * ticket)
            simulation.fail(0)
            #expect(error(simulation, 2 * ticket)?.code == .disconnected)
            let connects = simulation.connects
            simulation.ask(["k"], ticket: 2 * ticket + 1)
            #expect(error(simulation, 2 * ticket + 1)?.code == .disconnected)
            #expect(simulation.connects == connects)
            let start = simulation.now
            var probe = simulation
            repeat {
                simulation.now += 10
                probe = simulation
                probe.ask(["k"], ticket: 1_000_000)
            } while probe.connects == connects
            pauses.append(simulation.now - start)
        }
        #expect(pauses == [20, 40, 80, 160, 320, 640, 1280, 2000, 2000, 2000, 2000, 2000])
        simulation.ask(["back"], ticket: 100)
        simulation.run()
        #expect(try simulation.finished[100]?.get() == values("back"))
    }

    @Test("asks once more when a connection breaks that was good until then")
    func retry() throws {
        var simulation = ExchangeSimulation()
        simulation.ask(["first"], ticket: 1)
        simulation.run()
        simulation.ask(["again"], ticket: 2)
        simulation.flush()
        simulation.fail(0)
        #expect(simulation.finished[2] == nil)
        simulation.run()
        #expect(try simulation.finished[2]?.get() == values("again"))
        simulation.ask(["never"], ticket: 3)
        simulation.flush()
        for _ in 0..<2 {
            simulation.fail(0)
            if simulation.connections[0] != nil { simulation.connect(0) }
        }
        #expect(error(simulation, 3)?.code == .disconnected)
    }

    @Test("does not use a connection on which an answer came that nobody asked for")
    func unsolicited() throws {
        var simulation = ExchangeSimulation()
        simulation.ask(["first"], ticket: 1)
        simulation.run()
        simulation.ask(["unsent"], ticket: 2)
        simulation.receive(.error("ERR server closing"), 0)
        #expect(simulation.finished[2] == nil && simulation.connects == 2)
        simulation.connect(0)
        // The greeting of a server that is full is no answer to the sign-in.
        simulation.receive(.error("ERR max number of clients reached"), 0)
        #expect(error(simulation, 2)?.message.contains("max number of clients") == true)
        #expect(simulation.connections.isEmpty)
    }

    @Test("refuses a wrong password with its reason")
    func denied() {
        var simulation = ExchangeSimulation(password: "right")
        simulation.exchange = {
            var address = RedisAddress(ExchangeSimulation.places[0])
            address.password = "wrong"
            return RedisExchange(address, isCluster: false)
        }()
        simulation.ask(["k"], ticket: 1)
        simulation.run()
        #expect(error(simulation, 1)?.code == .denied)
    }

    @Test("has room for so many questions and so many bytes without an answer, late ones included")
    func room() {
        var limits = RedisExchange.Limits()
        limits.questions = 3
        limits.bytes = 1000
        var simulation = ExchangeSimulation(limits: limits)
        simulation.ask(["k"], ticket: 0)
        simulation.run()
        for ticket in 1...3 {
            #expect(simulation.exchange.hasRoom)
            simulation.ask(["k"], ticket: ticket)
        }
        #expect(!simulation.exchange.hasRoom)
        simulation.flush()
        simulation.tick(after: 1000)
        #expect(simulation.exchange.hasRoom)
        simulation.ask([String(repeating: "k", count: 1000)], ticket: 4)
        simulation.flush()
        simulation.tick(after: 1000)
        #expect(simulation.finished.count == 5 && !simulation.exchange.hasRoom)
        simulation.run()
        #expect(simulation.exchange.hasRoom)
    }

    @Test("follows keys of a cluster that moved or are moving")
    func cluster() throws {
        var simulation = ExchangeSimulation(isCluster: true)
        let keys = (0..<60).map { "key\($0)" }
        simulation.ask(keys, ticket: 1)
        simulation.run()
        #expect(try simulation.finished[1]?.get() == keys.map { .bytes(Array($0.utf8)) })
        #expect(simulation.connections.count == 3)
        simulation.owners = simulation.owners.reversed()
        simulation.ask(keys, ticket: 2)
        simulation.run()
        #expect(try simulation.finished[2]?.get() == keys.map { .bytes(Array($0.utf8)) })
        for key in keys.prefix(20) {
            simulation.migrating[HashSlot.of(Array(key.utf8))] = ExchangeSimulation.places[1]
        }
        simulation.ask(keys, ticket: 3)
        simulation.run()
        #expect(try simulation.finished[3]?.get() == keys.map { .bytes(Array($0.utf8)) })
    }

    @Test("answers every question once and with its own answer, whatever happens when")
    func randomEvents() throws {
        for seed in 0..<150 as Range<UInt64> {
            var run = RandomExchange(seed: seed)
            run.happen(events: 300)
            run.end()
            let wrong = run.mistakes
            #expect(wrong.isEmpty, "seed \(seed): \(wrong)")
        }
    }
}

/// A simulation in which anything happens.
private struct RandomExchange {
    private var simulation: ExchangeSimulation
    private var generator: SeededGenerator
    private let isCluster: Bool
    private var asked: [Int: [String]] = [:]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        isCluster = Bool.random(using: &generator)
        simulation = ExchangeSimulation(isCluster: isCluster)
    }

    mutating func happen(events: Int) {
        for _ in 0..<events { happen() }
    }

    /// Lets everything that is under way come to its end.
    mutating func end() {
        for _ in 0..<20 {
            simulation.run()
            simulation.tick(after: 250)
        }
    }

    var mistakes: [String] {
        var mistakes = simulation.twice.map { "\($0) was answered twice" }
        for (ticket, keys) in asked {
            switch simulation.finished[ticket] {
            case nil: mistakes.append("\(ticket) was not answered")
            case .success(let replies) where replies != keys.map { .bytes(Array($0.utf8)) }:
                mistakes.append("\(ticket) was answered \(replies)")
            default: break
            }
        }
        return mistakes
    }

    private mutating func happen() {
        let server = simulation.connections.keys.sorted().randomElement(using: &generator)
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<25: ask()
        case 25..<45: simulation.flush()
        case 45..<50: simulation.tick(after: UInt64.random(in: 1...300, using: &generator))
        case 50..<53 where isCluster:
            let slot = Int.random(in: 0..<HashSlot.count, using: &generator)
            let place = ExchangeSimulation.places.randomElement(using: &generator)
            simulation.owners[slot] = place ?? simulation.owners[slot]
        case 53..<56 where isCluster:
            guard let keys = asked.values.randomElement(using: &generator) else { return }
            let slot = HashSlot.of(Array(keys[0].utf8))
            let place = ExchangeSimulation.places.randomElement(using: &generator)
            simulation.migrating[slot] = Bool.random(using: &generator) ? place : nil
        default:
            if let server { happen(to: server) }
        }
    }

    private mutating func ask() {
        let keys = (0..<Int.random(in: 1...5, using: &generator)).map { "\(asked.count)-\($0)" }
        let ticket = asked.count
        asked[ticket] = keys
        simulation.ask(
            keys, ticket: ticket, within: UInt64.random(in: 1...1500, using: &generator))
    }

    private mutating func happen(to server: Int) {
        guard let connection = simulation.connections[server] else { return }
        let chance = Int.random(in: 0..<100, using: &generator)
        guard connection.isConnected else {
            return chance < 80 ? simulation.connect(server) : simulation.fail(server)
        }
        if chance < 4 {
            simulation.fail(server)
        } else if chance < 6, connection.replies.isEmpty {
            simulation.receive(.error("ERR nobody asked"), server)
        } else if connection.owesSent, chance < 60 {
            simulation.ackSent(server)
        } else if !connection.replies.isEmpty {
            simulation.deliver(server)
        }
    }
}

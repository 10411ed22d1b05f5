import Foundation
import Redis
import Server
import Stores
import Synchronization
import TestSupport
import Testing

@Suite("Serving from Redis", .serialized)
struct RedisServingTests {
    private typealias Serving = RedisServing

    /// Asks until the answer is 200.
    private func recovers(_ client: LoopbackClient, _ ids: Range<Int>) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: 10)
        while Date() < deadline {
            try client.send(Serving.request(ids))
            let answer = try client.answer()
            if answer.status == 200 { return answer.body.contains(Serving.expected(ids)) }
        }
        return false
    }

    @Test("answers many connections at a time, each with its own states, in pipelines too")
    func concurrency() throws {
        let serving = try Serving()
        let clients = try (0..<100).map { _ in try serving.connect() }
        for round in 0..<5 {
            for (index, client) in clients.enumerated() {
                let requests = (0..<3).map { part in
                    Serving.request((index * 7 + round + part)..<(index * 7 + round + part + 20))
                }
                try client.send(requests.joined())
            }
            for (index, client) in clients.enumerated() {
                for part in 0..<3 {
                    let first = index * 7 + round + part
                    let answer = try client.answer()
                    #expect(answer.status == 200)
                    #expect(answer.body.contains(Serving.expected(first..<(first + 20))))
                }
            }
        }
    }

    @Test("answers 10,000 entities at once")
    func large() throws {
        let serving = try Serving(ids: 0..<10_000)
        let client = try serving.connect()
        try client.send(Serving.request(0..<10_000))
        #expect(try client.answer().body.contains(Serving.expected(0..<10_000)))
    }

    @Test("a server that stops to answer costs its requests their time, and no other")
    func pause() throws {
        let serving = try Serving(storeMilliseconds: 300)
        let waiting = try serving.connect()
        let other = try serving.connect()
        #expect(try recovers(waiting, 0..<5))
        serving.redis.pause()
        let start = Date()
        try waiting.send(Serving.request(0..<5))
        for _ in 0..<20 {
            try other.send(get("/health"))
            #expect(try other.answer().status == 200)
        }
        try other.send(post("/get-online-features", "{"))
        #expect(try other.answer().status == 422)
        let late = try waiting.answer()
        #expect(late.status == 503 && late.fields["retry-after"] == "1")
        #expect(late.body.contains("did not answer in time"))
        #expect(Date().timeIntervalSince(start) < 5)
        serving.redis.resume()
        // The answer to the late request comes first: nobody else may get it.
        #expect(try recovers(waiting, 5..<10))
    }

    @Test("more requests than may wait are refused at once")
    func bound() throws {
        let serving = try Serving(storeMilliseconds: 2000, requests: 4)
        let clients = try (0..<5).map { _ in try serving.connect() }
        #expect(try recovers(clients[0], 0..<3))
        serving.redis.pause()
        for client in clients.prefix(4) {
            try client.send(Serving.request(0..<3))
            // The server has it when it answers this on another connection.
            let probe = try serving.connect()
            try probe.send(get("/health"))
            _ = try probe.answer()
        }
        let start = Date()
        try clients[4].send(Serving.request(0..<3))
        let refused = try clients[4].answer()
        #expect(refused.status == 503 && refused.body.contains("too many reads"))
        #expect(Date().timeIntervalSince(start) < 1)
        serving.redis.resume()
        for client in clients.prefix(4) { #expect(try client.answer().status == 200) }
    }

    @Test("a server that is killed is told at once, and used again when it is back")
    func killed() throws {
        let serving = try Serving()
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.redis.kill()
        try client.send(Serving.request(0..<5))
        let answer = try client.answer()
        #expect(answer.status == 503)
        #expect(answer.body.contains("see whether it runs there"))
        try serving.redis.start()
        try serving.refill()
        #expect(try recovers(client, 0..<5))
    }

    @Test(
        "broken, cut, strange and unwanted answers are errors of the requests they meet",
        arguments: [
            .resetAfter(0), .resetAfter(30), .endAfter(0), .endAfter(17),
            .instead(Array("+OK\r\n+OK\r\n".utf8)), .instead(Array("HTTP/1.1 400\r\n".utf8)),
            .instead(Array("*2\r\n$1\r\na\r\n$1\r\nb\r\n*1\r\n$-1\r\n".utf8)),
        ] as [FaultyProxy.Fault])
    func faults(fault: FaultyProxy.Fault) throws {
        let serving = try Serving()
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.proxy.fault = fault
        try client.send(Serving.request(0..<5))
        let answer = try client.answer()
        #expect(serving.proxy.hits > 0)
        #expect(answer.status == 503, "\(answer.body)")
        serving.proxy.fault = .none
        #expect(try recovers(client, 5..<10))
    }

    @Test("an answer that nobody asked for ends the connection and no request")
    func unsolicited() throws {
        let serving = try Serving()
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.proxy.fault = .followedBy(Array("-ERR unwanted\r\n".utf8))
        try client.send(Serving.request(0..<5))
        #expect(try client.answer().status == 200)
        #expect(serving.proxy.hits > 0)
        serving.proxy.fault = .none
        #expect(try recovers(client, 5..<10))
    }

    @Test("answers that come byte by byte are answers")
    func slowly() throws {
        let serving = try Serving(storeMilliseconds: 10_000)
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.proxy.fault = .slowly
        try client.send(Serving.request(0..<50))
        #expect(try client.answer().body.contains(Serving.expected(0..<50)))
        #expect(serving.proxy.hits > 0)
    }

    @Test("clients that go away while Redis is asked leave nothing behind")
    func goneClients() throws {
        let serving = try Serving(storeMilliseconds: 300)
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.redis.pause()
        for index in 0..<50 {
            let gone = try serving.connect()
            if index % 2 == 0 { gone.resetOnClose() }
            try gone.send(Serving.request(0..<5))
        }
        serving.redis.resume()
        #expect(try recovers(client, 5..<10))
    }

    @Test("stops in good order while requests wait for Redis")
    func stopping() throws {
        let serving = try Serving()
        let client = try serving.connect()
        #expect(try recovers(client, 0..<5))
        serving.redis.pause()
        try client.send(Serving.request(0..<5))
        let probe = try serving.connect()
        try probe.send(get("/health"))
        _ = try probe.answer()
        serving.server.stop()
        #expect(probe.isAtEnd())
        serving.redis.resume()
        #expect(try client.answer().status == 200)
        #expect(client.isAtEnd())
        try serving.server.wait()
    }

    @Test("10,000 requests beside generations that are published: each answer is of one generation")
    func generations() throws {
        let serving = try Serving()
        let store = serving.store
        let answers = Counter()
        let reading = (0..<4).map { number in
            let (address, answers) = (serving.server.address, answers)
            return BackgroundThread {
                try Self.read(
                    2500, by: LoopbackClient(address), from: number * 100, counting: answers)
            }
        }
        var published = 0
        while !reading.allSatisfy(\.isFinished) {
            // As fast as readers are: a machine that is busy with other things still ends.
            guard answers.value >= published * 50 else {
                sched_yield()
                continue
            }
            published += 1
            try RedisService.fill(store, ids: 0..<1000, mark: published)
        }
        var marks: Set<Int> = []
        for thread in reading { marks.formUnion(try thread.value()) }
        #expect(marks.count > 3, "\(marks.count) of \(published) generations were seen")
    }

    /// Asks `count` times and checks that each answer is of one generation, none older than the one
    /// before.
    ///
    /// - Returns: the generations that were seen.
    private static func read(
        _ count: Int, by client: LoopbackClient, from first: Int, counting answers: Counter
    ) throws -> Set<Int> {
        var marks: Set<Int> = []
        var last = 0
        for _ in 0..<count {
            try client.send(Serving.request(first..<(first + 50)))
            let answer = try client.answer()
            guard answer.status == 200,
                let text = answer.body.components(separatedBy: "},{\"values\":[\"").last,
                let mark = Int(text.prefix { $0 != " " }), mark >= last,
                answer.body.contains(Serving.expected(first..<(first + 50), mark: mark))
            else { throw LoopbackClient.Failure(description: answer.body) }
            last = mark
            marks.insert(mark)
            answers.increment()
        }
        return marks
    }
}

/// A number that several threads count up.
private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}

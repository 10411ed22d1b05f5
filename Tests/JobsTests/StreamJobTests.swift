import Glibc
import Kafka
import PointInTime
import Stores
import Streams
import Synchronization
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("Streaming")
struct StreamJobTests {
    private static let views = ["user_clicks", "shop_clicks", "last_click"]

    @Test("goes on from the batch and gives what the batch of everything gives")
    func equality() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let clicks = Click.random(3000, seed: seed)
        let cut = ClickProject.start.advanced(by: .hours(40))
        let broker = try broker(clicks)
        let streamed = try ClickProject(clicks.filter { $0.at < cut })
        try streamed.materialize(at: cut)
        let job = try streamed.stream(from: broker)
        let numbers = try #require(job.counters.all["the view 'user_clicks'"])
        #expect(numbers.records == clicks.count, "seed \(seed)")
        #expect(numbers.rows.used == clicks.count { $0.at >= cut }, "seed \(seed)")
        try expectEqual(streamed, to: clicks, "seed \(seed)")
        let log = try streamed.stores().offline.eventLog(of: "clicks")
        let rows = try log.state(at: .newest).rows(workers: 1)
        let count = (0..<rows.chunkCount).reduce(0) { $0 + rows.rowCount(chunk: $1) }
        #expect(count == clicks.count, "seed \(seed)")
        let verified = try streamed.verify()
        #expect(verified.isSame && verified.views.allSatisfy { $0.entities > 0 })
        // The log alone goes on: what is there cannot be compared.
        try broker.send(Click.random(10, seed: seed))
        try streamed.stream(from: broker, sinks: [.offline])
        #expect(throws: StoreError.self) { try streamed.verify() }
    }

    @Test("builds a generation beside the live one and publishes it when it has caught up")
    func rebuild() throws {
        let clicks = Click.random(2000, seed: 5)
        let broker = try broker(clicks)
        let cut = ClickProject.start.advanced(by: .hours(20))
        let streamed = try ClickProject(clicks.filter { $0.at < cut })
        try streamed.materialize(at: cut)
        try streamed.stream(from: broker)
        let before = try streamed.stores().online.liveGeneration(view: "user_clicks")
        let later = ClickProject.start.advanced(by: .hours(50))
        try streamed.write(clicks.filter { cut <= $0.at && $0.at < later }, as: "more")
        let report = try streamed.materialize(at: later)
        #expect(report.views.filter(\.isLeftToStream).count == 3)
        #expect(try streamed.stores().online.liveGeneration(view: "user_clicks") == before)
        let news = Mutex<[StreamNews]>([])
        try streamed.stream(from: broker) { one in news.withLock { $0.append(one) } }
        let live = try streamed.stores().online.liveGeneration(view: "user_clicks")
        #expect(live?.cut == later)
        let published = news.withLock { news in
            news.filter { if case .published = $0 { true } else { false } }
        }
        #expect(published.count == 3)
        try expectEqual(streamed, to: clicks, "")
    }

    @Test("shares states when the topic is not keyed as its source says, and loses nothing")
    func notKeyed() throws {
        let clicks = Click.random(1500, seed: 7)
        let broker = try KafkaDevBroker()
        try broker.createTopic("clicks", partitions: 3)
        try broker.send(clicks) { Int32($0 % 3) }
        let cut = ClickProject.start.advanced(by: .hours(9))
        let streamed = try ClickProject(clicks.filter { $0.at < cut })
        try streamed.materialize(at: cut)
        let news = Mutex<[StreamNews]>([])
        try streamed.stream(from: broker) { one in news.withLock { $0.append(one) } }
        #expect(news.withLock { $0.contains(.shares(view: "user_clicks")) })
        #expect(try streamed.stores().online.streamRecord(of: "user_clicks")?.live.isShared == true)
        try expectEqual(streamed, to: clicks, "")
    }

    @Test("begins with nothing where a source has a topic alone, and stops when its rows are gone")
    func topicAlone() throws {
        let clicks = Click.random(500, seed: 8)
        let streamed = try ClickProject(
            clicks, replacing: ("    batch:\n      parquet: data/clicks\n", ""))
        do {
            let broker = try broker(clicks)
            try streamed.stream(from: broker)
            try expectEqual(streamed, to: clicks, "")
        }
        // The topic is made anew: its first rows would be taken for old ones.
        let fewer = Array(clicks.prefix(20))
        let other = try broker(fewer)
        let error = #expect(throws: StreamError.self) {
            try streamed.stream(from: other, sinks: [.online])
        }
        #expect(error?.code == .lostPosition)
        #expect(error?.hint?.contains("--rebuild") == true)
        try streamed.stream(from: other, sinks: [.online], rebuilding: true)
        try expectEqual(streamed, to: fewer, "")
    }

    @Test("goes on when the brokers were away")
    func brokersAway() throws {
        let clicks = Click.random(600, seed: 9)
        let broker = try broker(Array(clicks.prefix(300)))
        let streamed = try ClickProject([])
        try streamed.materialize(at: ClickProject.start)
        let failures = Atomic(0)
        let isOver = Atomic(false)
        let settings = broker.settings
        let thread = BackgroundThread {
            var options = StreamOptions()
            options.tell = { news in
                if case .failed = news { failures.add(1, ordering: .relaxed) }
            }
            let job = try streamed.job(from: settings, options)
            try job.run { isOver.load(ordering: .relaxed) }
        }
        do {
            defer { isOver.store(true, ordering: .relaxed) }
            try wait { try streamed.fed("user_clicks") == 300 }
            broker.setDown(true)
            try wait { failures.load(ordering: .relaxed) > 0 }
            broker.setDown(false)
            try broker.send(Array(clicks.suffix(300)))
            try wait { try streamed.fed("user_clicks") == 600 }
        }
        try thread.value()
        try expectEqual(streamed, to: clicks, "")
    }

    /// Waits until something is so.
    private func wait(_ isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try !isSo() {
            try #require(ContinuousClock.now < deadline)
            sched_yield()
        }
    }

    private func broker(_ clicks: [Click]) throws -> KafkaDevBroker {
        let broker = try KafkaDevBroker()
        try broker.createTopic("clicks", partitions: 3)
        try broker.send(clicks)
        return broker
    }

    private func expectEqual(
        _ streamed: ClickProject, to clicks: [Click], _ note: String
    ) throws {
        let whole = try ClickProject(clicks)
        try whole.materialize(at: ClickProject.end)
        for view in Self.views {
            let (found, wanted) = (try streamed.states(of: view), try whole.states(of: view))
            #expect(found == wanted, "\(view) \(note)")
            #expect(!wanted.isEmpty)
        }
    }
}

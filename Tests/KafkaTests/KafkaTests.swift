import Testing

@testable import Kafka

/// A message as a value, to compare.
private struct Message: Hashable {
    var partition: Int32
    var offset: Int64
    var key: [UInt8]?
    var value: [UInt8]
    var isDeletion = false
    var timestamp: Int64?
    var header: [UInt8]?
}

@Suite("Kafka")
struct KafkaTests {
    private let broker: KafkaDevBroker

    init() throws {
        broker = try KafkaDevBroker()
        try broker.createTopic("orders", partitions: 3)
    }

    private func send(_ records: [KafkaRecord]) throws {
        let producer = try KafkaProducer(broker.settings)
        for record in records { try producer.send(record) }
        try producer.flush()
    }

    /// Reads until `count` messages are there.
    private func read(_ consumer: KafkaConsumer, count: Int) throws -> [Message] {
        var messages: [Message] = []
        let deadline = ContinuousClock.now + .seconds(30)
        while messages.count < count {
            try #require(ContinuousClock.now < deadline, "only \(messages.count) came")
            guard case .messages(let batch) = try consumer.poll(greatest: 100, milliseconds: 100)
            else { continue }
            batch.forEach { message in
                messages.append(
                    Message(
                        partition: message.partition, offset: message.offset,
                        key: message.withKey { $0.array }, value: message.withValue { $0.array },
                        isDeletion: message.isDeletion, timestamp: message.timestamp,
                        header: message.header("kind")))
            }
        }
        return messages
    }

    @Test("brings what was sent, with key, time and headers, and deletions as such")
    func everything() throws {
        try send([
            KafkaRecord(
                topic: "orders", partition: 1, key: [1], value: [7, 8], timestamp: 1000,
                headers: [("kind", [1]), ("kind", [2])]),
            KafkaRecord(topic: "orders", partition: 1, key: [], value: [], timestamp: 2000),
            KafkaRecord(topic: "orders", partition: 1, key: [3], value: nil, timestamp: 3000),
        ])
        let consumer = try KafkaConsumer(broker.settings, group: "g")
        try consumer.start([TopicPartition("orders", 1): 0])
        let messages = try read(consumer, count: 3)
        #expect(
            messages == [
                Message(
                    partition: 1, offset: 0, key: [1], value: [7, 8], timestamp: 1000, header: [2]),
                Message(partition: 1, offset: 1, key: [], value: [], timestamp: 2000),
                Message(
                    partition: 1, offset: 2, key: [3], value: [], isDeletion: true, timestamp: 3000),
            ])
    }

    @Test("puts rows of one key into one partition, in order")
    func keys() throws {
        let records = (0..<200).map { index in
            KafkaRecord(
                topic: "orders", key: [UInt8(index % 7)], value: [UInt8(index)])
        }
        try send(records)
        let consumer = try KafkaConsumer(broker.settings, group: "g")
        let partitions = try consumer.partitions(of: "orders")
        #expect(partitions == (0..<3).map { TopicPartition("orders", $0) })
        try consumer.start(Dictionary(uniqueKeysWithValues: partitions.map { ($0, 0) }))
        let messages = try read(consumer, count: 200)
        for (_, ofKey) in Dictionary(grouping: messages, by: \.key) {
            #expect(Set(ofKey.map(\.partition)).count == 1)
            #expect(
                ofKey.map(\.value.first) == ofKey.map(\.value.first).sorted { $0 ?? 0 < $1 ?? 0 })
        }
        #expect(
            try partitions.map { try consumer.bounds(of: $0).count }.reduce(0, +) == 200)
    }

    @Test("reads on where it is told, and again what it has read")
    func positions() throws {
        try send(
            (0..<10).map { KafkaRecord(topic: "orders", partition: 0, value: [UInt8($0)]) })
        let consumer = try KafkaConsumer(broker.settings, group: "g")
        let partition = TopicPartition("orders", 0)
        try consumer.start([partition: 6])
        #expect(try read(consumer, count: 4).map(\.value) == [[6], [7], [8], [9]])
        try consumer.seek(partition, to: 2)
        #expect(try read(consumer, count: 8).map(\.offset) == Array(2..<10))
    }

    @Test("never jumps over a position that the log does not have")
    func outsideLog() throws {
        try send([KafkaRecord(topic: "orders", partition: 0, value: [1])])
        let consumer = try KafkaConsumer(broker.settings, group: "g")
        try consumer.start([TopicPartition("orders", 0): 1000])
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            do throws(KafkaError) {
                _ = try consumer.poll(greatest: 10, milliseconds: 100)
            } catch {
                #expect(error.code == .outsideLog)
                #expect(error.message.contains("orders/0"))
                return
            }
        }
        Issue.record("it went on")
    }

    @Test("shares the partitions of a topic among the members of a group")
    func group() throws {
        var settings = broker.settings
        settings.values["session.timeout.ms"] = "6000"
        settings.values["heartbeat.interval.ms"] = "200"
        let first = try KafkaConsumer(settings, group: "g")
        try first.subscribe(["orders"])
        #expect(try assignment(of: [first])[0].count == 3)
        let second = try KafkaConsumer(settings, group: "g")
        try second.subscribe(["orders"])
        let shares = try assignment(of: [first, second])
        #expect(shares.allSatisfy { !$0.isEmpty })
        #expect(shares.joined().sorted() == (0..<3).map { TopicPartition("orders", $0) })
    }

    /// Polls until the members have all partitions between them, each some.
    private func assignment(of members: [KafkaConsumer]) throws -> [[TopicPartition]] {
        var shares = members.map { _ in [TopicPartition]() }
        let deadline = ContinuousClock.now + .seconds(60)
        while shares.contains(where: \.isEmpty) || shares.joined().count != 3 {
            try #require(ContinuousClock.now < deadline, "\(shares)")
            for (index, member) in members.enumerated() {
                switch try member.poll(greatest: 10, milliseconds: 50) {
                case .assigned(let partitions):
                    try member.start(Dictionary(uniqueKeysWithValues: partitions.map { ($0, 0) }))
                    shares[index] = partitions
                case .revoked: shares[index] = []
                case .messages, .nothing: break
                }
            }
        }
        return shares
    }

    @Test("says what is wrong with a setting, and shows no secret")
    func settings() {
        for (name, value) in [("no.such.setting", "x"), ("session.timeout.ms", "hunter2")] {
            let settings = KafkaSettings(brokers: "127.0.0.1:1", [name: value])
            let error = #expect(throws: KafkaError.self) {
                _ = try KafkaConsumer(settings, group: "g")
            }
            #expect(error?.code == .badSetting)
            #expect(error?.message.contains(name) == true)
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test("says that a topic is not there, or no broker")
    func missing() throws {
        let consumer = try KafkaConsumer(
            KafkaSettings(brokers: "127.0.0.1:1"), group: "g")
        let error = #expect(throws: KafkaError.self) {
            _ = try consumer.partitions(of: "orders", milliseconds: 300)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetriable == true)
    }

    @Test("sends all rows although the brokers were away for a while")
    func outage() throws {
        let producer = try KafkaProducer(broker.settings)
        for index in 0..<50 as Range<UInt8> {
            if index == 20 { broker.setDown(true) }
            try producer.send(KafkaRecord(topic: "orders", partition: 2, value: [index]))
        }
        broker.setDown(false)
        try producer.flush()
        let consumer = try KafkaConsumer(broker.settings, group: "g")
        try consumer.start([TopicPartition("orders", 2): 0])
        #expect(try read(consumer, count: 50).map(\.value) == (0..<50).map { [$0] })
    }
}

extension Span<UInt8> {
    fileprivate var array: [UInt8] { indices.map { self[$0] } }
}

import Columns
import DefinitionFiles
import Kafka
import Planning
import Records
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("Publishing rows")
struct PublishJobTests {
    private let flights: FlightsProject
    private let broker: KafkaDevBroker

    init() throws {
        flights = try FlightsProject(flights: 700)
        broker = try KafkaDevBroker()
    }

    @Test(
        "sends every row of a source once, in order of time, and rows of a key to one partition",
        arguments: ["departures", "landings"])
    func everyRow(name: String) throws {
        let source = try flights.project.source(named: name)
        let topic = try #require(source.stream?.topic)
        try broker.createTopic(topic, partitions: 3)
        let report = try job(source).run()
        let batches = try read(topic, count: report.rows)
        var decoder = RecordDecoder(source: source)
        var (texts, partitions): ([String], [String: Set<Int32>]) = ([], [:])
        for batch in batches {
            let rows = decoder.decode(batch)
            #expect(rows.rejected.isEmpty)
            let times = batch.timestamps.compactMap(\.self)
            #expect(times == times.sorted())
            for index in 0..<batch.count {
                let key = batch.key(at: index).map { String(decoding: $0, as: UTF8.self) } ?? ""
                partitions[key, default: []].insert(batch.partition)
            }
            texts += self.texts(of: rows.batch, source.schema)
            let known = rows.batch[StreamRows.knownAt]?.scalars
            #expect(known == rows.batch[source.eventTime]?.scalars)
        }
        let expected = try fileTexts(source)
        #expect(texts.sorted() == expected.withTime.sorted())
        #expect(report.rows == texts.count && report.timeless == expected.timeless)
        #expect(partitions.filter { !$0.key.isEmpty }.allSatisfy { $0.value.count == 1 })
        #expect(partitions.count > 2)
    }

    @Test("sends only rows of the times that are asked for")
    func interval() throws {
        let source = try flights.project.source(named: "departures")
        try broker.createTopic("departures", partitions: 1)
        var job = try job(source)
        let whole = try job.run()
        let (from, to) = (
            FlightsProject.start.advanced(by: .days(7)), FlightsProject.start.advanced(by: .days(9))
        )
        (job.start, job.end) = (from, to)
        var told: [Int] = []
        job.progress = { done, _ in told.append(done) }
        let part = try job.run()
        #expect(part.rows > 10 && part.rows < whole.rows / 5)
        #expect(told == Array(0..<part.rows))
        let first = try #require(part.first)
        let last = try #require(part.last)
        #expect(first >= from && last < to && first <= last)
        let batch = try #require(try read("departures", count: whole.rows + part.rows).first)
        let sent = batch.timestamps.suffix(part.rows).compactMap(\.self)
        #expect(sent.allSatisfy { $0 >= from.microseconds && $0 < to.microseconds })
    }

    @Test("says that a source has no topic, and that nobody says where Kafka is")
    func refused() throws {
        let source = try flights.project.source(named: "observations")
        #expect(throws: JobError.self) { try job(source).run() }
        let error = #expect(throws: JobError.self) { try Profile.embedded.kafkaSettings() }
        #expect(error?.message == "nobody says where Kafka is")
        var profile = Profile.embedded
        profile.kafka = KafkaLocation(brokers: "a:1", settings: ["security.protocol": "SSL"])
        let settings = try profile.kafkaSettings(brokers: "b:2")
        #expect(settings.brokers == "b:2" && settings.values["security.protocol"] == "SSL")
    }

    @Test("Profiles refuse every setting that consumers fix")
    func fixedSettings() {
        for name in KafkaConsumer.fixed.keys {
            #expect(KafkaLocation.refused[name] != nil, "\(name)")
        }
    }

    private func job(_ source: SourcePlan) throws -> PublishJob {
        PublishJob(
            source: source, places: SourcePlaces(folder: flights.project.folder),
            settings: broker.settings)
    }

    /// The whole topic, by partition.
    private func read(_ topic: String, count: Int) throws -> [RecordBatch] {
        let consumer = try KafkaConsumer(broker.settings, group: "test")
        let partitions = try consumer.partitions(of: topic)
        try consumer.start(Dictionary(uniqueKeysWithValues: partitions.map { ($0, 0) }))
        var batches = partitions.map { RecordBatch(partition: $0.partition) }
        let deadline = ContinuousClock.now + .seconds(60)
        var read = 0
        while read < count {
            try #require(ContinuousClock.now < deadline, "only \(read) came")
            guard case .messages(let messages) = try consumer.poll(greatest: 500, milliseconds: 100)
            else { continue }
            messages.forEach { message in
                let key = message.withKey { bytes in bytes.indices.map { bytes[$0] } }
                message.withValue { value in
                    batches[Int(message.partition)].append(
                        offset: message.offset, timestamp: message.timestamp.map { $0 * 1000 },
                        key: key?.span, value: value)
                }
                read += 1
            }
        }
        return batches
    }

    private func texts(of batch: ColumnBatch, _ schema: Schema) -> [String] {
        (0..<batch.rowCount).map { row in
            schema.fields.map { "\(batch[$0.name]?.scalar(at: row) ?? .null)" }.joined(
                separator: " ")
        }
    }

    /// The rows of the source's files, naively.
    private func fileTexts(_ source: SourcePlan) throws -> (withTime: [String], timeless: Int) {
        let rows = try ParquetRows(source: source, folder: flights.project.folder)
        var (texts, timeless): ([String], Int) = ([], 0)
        for chunk in 0..<rows.chunkCount {
            let batch = try source.batch(
                of: rows, chunk, source.schema.fields.map(\.name) + [source.eventTime])
            for (row, text) in self.texts(of: batch, source.schema).enumerated() {
                if batch[source.eventTime]?.isNull(row) == true {
                    timeless += 1
                } else {
                    texts.append(text)
                }
            }
        }
        return (texts, timeless)
    }
}

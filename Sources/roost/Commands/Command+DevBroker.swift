import Arguments
import Jobs
import Kafka

extension Command {
    static let devBroker = Command(
        specification: CommandSpecification(
            name: "dev-broker", summary: "Run a Kafka in memory, for development and tests.",
            options: [
                Option(
                    "--topic", value: "NAME:PARTITIONS", "a topic to begin with", repeats: true),
                Option(
                    "--address-file", value: "FILE",
                    "write HOST:PORT there when it is ready; removed at the end"),
            ],
            example: "roost dev-broker --topic departures:4 --address-file .roost/kafka")
    ) { arguments, console in
        let watch = Stopwatch()
        let stop = StopSignals()
        let topics = try arguments.values("--topic").map { try TopicSize(parsing: $0) }
        let broker = try KafkaDevBroker()
        for topic in topics { try broker.createTopic(topic.name, partitions: topic.partitions) }
        let address = broker.settings.brokers
        if arguments.has("--json") {
            console.print(JSONValue.object(start(address, topics)).line)
        } else {
            for line in introduction(address) { console.print(line) }
        }
        let file = arguments.value("--address-file")
        if let file {
            try FileSystem.makeFolder(Path.parent(of: file))
            try FileSystem.write(address + "\n", to: file)
        }
        stop.wait()
        if let file { try? FileSystem.remove(file) }
        return Outcome(
            lines: [console.bold("ran for \(watch.summary)")],
            members: [
                JSONMember(name: "brokers", value: .string(address)),
                JSONMember(name: "seconds", value: .double(watch.seconds)),
            ])
    }

    /// What it is not, for people who might trust it.
    private static let limits = [
        "keeps everything in memory and nothing when it ends",
        "keeps \(KafkaDevBroker.partitionSize.byteText) of a partition and drops older rows without "
            + "a word",
        "finds no rows by time, and has no transactions and no retention",
        "has a port of its own choice, on this machine only",
    ]

    private static func introduction(_ address: String) -> [String] {
        ["Kafka for development at \(address); it"] + limits.map { "- \($0)" } + [
            "In a profile of roost.yaml (readers wait half a second without the setting):",
            "    kafka: { brokers: '\(address)', settings: { fetch.wait.max.ms: 10 } }",
        ]
    }

    private static func start(_ address: String, _ topics: [TopicSize]) -> [JSONMember] {
        [
            JSONMember(name: "command", value: .string("dev-broker")),
            JSONMember(name: "status", value: .string("listening")),
            JSONMember(name: "brokers", value: .string(address)),
            JSONMember(
                name: "topics",
                value: .array(
                    topics.map { topic in
                        .object([
                            "name": .string(topic.name), "partitions": .count(topic.partitions),
                        ])
                    })),
            JSONMember(name: "limits", value: .array(limits.map { .string($0) })),
        ]
    }
}

/// A topic as `--topic` names it.
private struct TopicSize {
    let name: String
    let partitions: Int

    init(parsing text: String) throws(ArgumentError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int(parts[1]), (1...1024).contains(count),
            (1...249).contains(parts[0].utf8.count), parts[0].allSatisfy(\.isTopicLetter)
        else {
            throw ArgumentError(
                "'\(text)' is no topic and number of partitions",
                hint: "write --topic NAME:PARTITIONS, with 1 to 1024 partitions")
        }
        name = String(parts[0])
        partitions = count
    }
}

extension Character {
    /// Whether Kafka lets a topic's name have it.
    fileprivate var isTopicLetter: Bool {
        isASCII && (isLetter || isNumber || "._-".contains(self))
    }
}

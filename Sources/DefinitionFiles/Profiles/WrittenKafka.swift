import Definitions
import Values

/// The brokers of a profile as written.
struct WrittenKafka {
    var brokers: Name?
    var settings: [(name: Name, value: Name)] = []

    func resolved(_ places: StorePlaces, _ diagnostics: inout Diagnostics) -> KafkaLocation? {
        guard let brokers, let text = places.expanded(brokers, &diagnostics) else { return nil }
        var names: [String] = []
        for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = piece.trimmingBlanks
            guard name.isBroker else {
                diagnostics.report(
                    brokers.diagnostic(
                        "the brokers of Kafka are no `HOST:PORT`",
                        hint: "write `kafka: broker1:9092,broker2:9092`"))
                return nil
            }
            names.append(String(name))
        }
        var location = KafkaLocation(brokers: names.joined(separator: ","))
        for (name, value) in settings {
            if let reason = KafkaLocation.refused[name.value] {
                diagnostics.report(
                    name.diagnostic(
                        "`\(name.value)` cannot be set: \(reason)", hint: "remove it"))
            } else if let text = places.expanded(value, &diagnostics) {
                location.settings[name.value] = text
            }
        }
        return location
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// Whether it is `HOST:PORT`, where an IPv6 address stands in brackets.
    fileprivate var isBroker: Bool {
        guard let colon = lastIndex(of: ":"), let port = UInt16(self[index(after: colon)...]),
            port > 0
        else { return false }
        let host = self[..<colon]
        if host.first == "[" { return host.last == "]" && host.count > 2 }
        return !host.isEmpty && !host.contains { ":/@ \t".contains($0) }
    }
}

extension DefinitionReader {
    /// Reads `HOST:PORT,HOST:PORT`, or a map of brokers and settings.
    mutating func kafka(_ node: YAMLNode) -> WrittenKafka? {
        guard case .mapping = node.content else {
            return WrittenKafka(brokers: word(node, "`kafka`"))
        }
        guard let map = map(node, .brokers) else { return nil }
        var kafka = WrittenKafka()
        kafka.brokers = value("brokers", in: map).flatMap { word($0, "`brokers`") }
        guard let node = value("settings", in: map) else { return kafka }
        for entry in entries(node, "`settings`") ?? [] {
            let name = word(entry.keyNode, "the name of a setting")
            let value = word(entry.value, "`\(entry.key)`")
            if let name, let value { kafka.settings.append((name, value)) }
        }
        return kafka
    }
}

/// How brokers are reached and what the client may use: librdkafka's names and values.
///
/// The values may be secrets; nothing prints them.
public struct KafkaSettings: Hashable, Sendable {
    /// The settings, by name.
    public var values: [String: String]

    /// The settings to reach brokers.
    ///
    /// - Parameters:
    ///   - brokers: `HOST:PORT`, several with commas between them.
    ///   - values: further settings, such as `security.protocol`.
    public init(brokers: String, _ values: [String: String] = [:]) {
        self.values = values
        self.values["bootstrap.servers"] = brokers
    }

    /// The settings of a client that reaches nobody.
    init() { values = [:] }

    /// The brokers, as they were given.
    public var brokers: String { values["bootstrap.servers"] ?? "" }

    /// These settings, with others where they say nothing.
    func withDefaults(_ defaults: [String: String]) -> KafkaSettings {
        var settings = self
        settings.values.merge(defaults) { own, _ in own }
        return settings
    }

    /// These settings, with others in their place: what our guarantees need.
    func withFixed(_ fixed: [String: String]) -> KafkaSettings {
        var settings = self
        settings.values.merge(fixed) { _, fixed in fixed }
        return settings
    }
}

extension KafkaSettings: CustomStringConvertible {
    /// The brokers.
    public var description: String { "Kafka at \(brokers)" }
}

public import DefinitionFiles
public import Kafka

extension Profile {
    /// How the brokers of the topics are reached.
    ///
    /// - Parameter brokers: brokers that are to take the place of the profile's; its settings stay.
    /// - Returns: the brokers and the profile's settings.
    /// - Throws: `usage` when nobody says where Kafka is.
    public func kafkaSettings(brokers: String? = nil) throws(JobError) -> KafkaSettings {
        guard let brokers = brokers ?? kafka?.brokers else {
            throw JobError(
                .usage, "nobody says where Kafka is",
                hint: "write 'kafka: HOST:PORT' in the profile '\(name)' in roost.yaml, or "
                    + "--brokers HOST:PORT")
        }
        return KafkaSettings(brokers: brokers, kafka?.settings ?? [:])
    }
}

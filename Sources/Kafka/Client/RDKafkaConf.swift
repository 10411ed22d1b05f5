import CRdKafka

/// librdkafka's settings of one client, freed when they were not used.
@safe
struct RDKafkaConf: ~Copyable {
    private var pointer: OpaquePointer?

    /// - Throws: `badSetting`, naming it; secrets are not shown.
    init(_ settings: KafkaSettings) throws(KafkaError) {
        unsafe pointer = rd_kafka_conf_new()
        for (name, value) in settings.values.sorted(by: { $0.key < $1.key }) {
            try set(name, value)
        }
    }

    deinit { if let pointer = unsafe pointer { unsafe rd_kafka_conf_destroy(pointer) } }

    private func set(_ name: String, _ value: String) throws(KafkaError) {
        let outcome = unsafe rd_kafka_conf_set(pointer, name, value, nil, 0)
        if outcome == RD_KAFKA_CONF_OK { return }
        let isUnknown = outcome == RD_KAFKA_CONF_UNKNOWN
        throw KafkaError(
            .badSetting,
            isUnknown
                ? "'\(name)' is no setting of the Kafka client"
                : "the setting '\(name)' of the Kafka client cannot have its value",
            hint: "see CONFIGURATION.md of librdkafka 2.0")
    }

    /// Who is told of rebalances, deliveries and errors.
    func setHandlers(_ inbox: RDKafkaInbox, isConsumer: Bool) {
        unsafe rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(inbox).toOpaque())
        unsafe rd_kafka_conf_set_error_cb(pointer) { _, failure, reason, opaque in
            let text = unsafe reason.map { unsafe String(cString: $0) } ?? ""
            unsafe RDKafkaInbox.at(opaque)?.noteError(
                rd_kafka_resp_err_t(rawValue: failure), text)
        }
        silence()
        if isConsumer {
            unsafe rd_kafka_conf_set_rebalance_cb(pointer) { client, kind, partitions, opaque in
                unsafe RDKafkaInbox.at(opaque)?.noteRebalance(client, kind, partitions)
            }
        } else {
            unsafe rd_kafka_conf_set_dr_msg_cb(pointer) { _, message, opaque in
                guard let message = unsafe message, unsafe message.pointee.err.rawValue != 0 else {
                    return
                }
                unsafe RDKafkaInbox.at(opaque)?.noteLoss(message.pointee.err)
            }
        }
    }

    /// Keeps the library's log off standard error.
    func silence() { unsafe rd_kafka_conf_set_log_cb(pointer) { _, _, _, _ in } }

    /// Makes a client of it, which owns the settings from then on.
    consuming func client(_ kind: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = unsafe rd_kafka_new(kind, pointer, &reason, reason.count) else {
            let text = reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            throw KafkaError(
                .badSetting,
                "there can be no Kafka client: \(String(decoding: text, as: UTF8.self))")
        }
        unsafe pointer = nil
        return unsafe client
    }
}

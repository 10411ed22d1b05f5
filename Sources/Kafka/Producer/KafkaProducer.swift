import CRdKafka

/// Sends rows, each once and in order for each partition.
///
/// Used by one thread at a time.
@safe
public final class KafkaProducer {
    private let client: OpaquePointer
    private let inbox = RDKafkaInbox()
    private let description: String

    private static let defaults = [
        "linger.ms": "5", "compression.codec": "zstd", "queue.buffering.max.messages": "200000",
        // As Kafka's own clients choose the partition of a key.
        "partitioner": "murmur2_random",
    ]

    /// Makes a producer; brokers are looked for in the background.
    ///
    /// - Throws: `badSetting`.
    public init(_ settings: KafkaSettings) throws(KafkaError) {
        description = settings.description
        let conf = try RDKafkaConf(
            settings.withDefaults(Self.defaults).withFixed(["enable.idempotence": "true"]))
        conf.setHandlers(inbox, isConsumer: false)
        unsafe client = try conf.client(RD_KAFKA_PRODUCER)
    }

    deinit { unsafe rd_kafka_destroy(client) }

    /// Takes a row; it is sent in the background.
    ///
    /// Waits for room while too many rows are on their way.
    /// - Throws: `unknownTopic`, and what of earlier rows went wrong.
    public func send(_ record: KafkaRecord) throws(KafkaError) {
        while true {
            let code = hand(over: record)
            unsafe rd_kafka_poll(client, code == RD_KAFKA_RESP_ERR__QUEUE_FULL ? 100 : 0)
            try throwLoss()
            if code == RD_KAFKA_RESP_ERR_NO_ERROR { return }
            guard code == RD_KAFKA_RESP_ERR__QUEUE_FULL else {
                throw KafkaError(code, "\(description): cannot send to '\(record.topic)'")
            }
        }
    }

    /// Waits until all rows have been taken.
    ///
    /// - Throws: `unavailable` when that takes longer than the time, and what went wrong.
    public func flush(milliseconds: Int32 = 60_000) throws(KafkaError) {
        let code = unsafe rd_kafka_flush(client, milliseconds)
        try throwLoss()
        if code.rawValue != 0 {
            throw KafkaError(code, "\(description): rows are still on their way")
        }
    }

    private func throwLoss() throws(KafkaError) {
        if let fatal = inbox.fatal { throw fatal }
        guard let (count, reason) = inbox.loss else { return }
        throw KafkaError(
            reason.code, "\(description): \(count) rows were not taken: \(reason.message)",
            hint: reason.hint)
    }

    private func hand(over record: KafkaRecord) -> rd_kafka_resp_err_t {
        let headers = unsafe rd_kafka_headers_new(record.headers.count)
        for (name, value) in record.headers {
            _ = unsafe value.withUnsafeBytes { bytes in
                unsafe rd_kafka_header_add(headers, name, -1, bytes.baseAddress, bytes.count)
            }
        }
        let code = unsafe withBytes(of: record.key) { key in
            unsafe withBytes(of: record.value) { value in
                unsafe roost_kafka_produce(
                    client, record.topic, record.partition ?? RD_KAFKA_PARTITION_UA,
                    key.baseAddress, key.count, value.baseAddress, value.count,
                    record.timestamp ?? 0, headers)
            }
        }
        if code.rawValue != 0 { unsafe rd_kafka_headers_destroy(headers) }
        return code
    }

    /// Shows bytes: without an address for nil, with one for none.
    private func withBytes<Result>(
        of bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard let bytes else { return unsafe body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        if bytes.isEmpty {
            return unsafe withUnsafeBytes(of: 0 as UInt8) { byte in
                unsafe body(UnsafeRawBufferPointer(rebasing: byte[..<0]))
            }
        }
        return unsafe bytes.withUnsafeBytes(body)
    }
}

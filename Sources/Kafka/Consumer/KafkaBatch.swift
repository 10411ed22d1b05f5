import CRdKafka

/// Messages that were read together; freed when the batch goes.
@safe
public final class KafkaBatch {
    /// How many there are.
    public let count: Int
    private let messages: UnsafeMutableBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>?>

    init(taking greatest: Int, from queue: OpaquePointer, waiting milliseconds: Int32) {
        precondition(greatest > 0, "a batch has room for a message")
        unsafe messages = .allocate(capacity: greatest)
        unsafe messages.initialize(repeating: nil)
        count = max(
            0,
            unsafe rd_kafka_consume_batch_queue(
                queue, milliseconds, messages.baseAddress, messages.count))
    }

    deinit {
        for index in 0..<count { unsafe rd_kafka_message_destroy(messages[index]) }
        unsafe messages.deallocate()
    }

    /// Shows the messages in order.
    public func forEach<Failure: Error>(
        _ body: (borrowing KafkaMessage) throws(Failure) -> Void
    ) throws(Failure) {
        for index in 0..<count {
            guard let message = unsafe messages[index] else { continue }
            try unsafe body(KafkaMessage(message))
        }
    }

    /// The first message that is an error, and whose.
    var failure: (rd_kafka_resp_err_t, TopicPartition?)? {
        for index in 0..<count {
            guard let message = unsafe messages[index]?.pointee else { continue }
            if unsafe message.err.rawValue == 0 { continue }
            let (code, partition) = unsafe (message.err, message.partition)
            let topic = unsafe message.rkt.map { unsafe String(cString: rd_kafka_topic_name($0)) }
            return (code, topic.map { TopicPartition($0, partition) })
        }
        return nil
    }
}

/// One message of a batch, for as long as it is shown.
@safe
public struct KafkaMessage: ~Copyable {
    private let pointer: UnsafeMutablePointer<rd_kafka_message_t>

    init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) { unsafe self.pointer = pointer }

    /// The number of its partition.
    public var partition: Int32 { unsafe pointer.pointee.partition }
    /// Its place in the partition.
    public var offset: Int64 { unsafe pointer.pointee.offset }
    /// The topic's name.
    public var topic: String { unsafe String(cString: rd_kafka_topic_name(pointer.pointee.rkt)) }

    /// When the record was made or taken, in milliseconds since the Unix epoch; nil when the topic
    /// keeps no times.
    public var timestamp: Int64? {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let time = unsafe rd_kafka_message_timestamp(pointer, &kind)
        return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : time
    }

    /// Whether it has no value: a deletion.
    public var isDeletion: Bool { unsafe pointer.pointee.payload == nil }

    /// Shows the value's bytes; none for a deletion.
    public func withValue<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe Self.show(pointer.pointee.payload, pointer.pointee.len, body)
    }

    /// Shows the key's bytes, or nil when it has none.
    public func withKey<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let key = unsafe pointer.pointee.key else { return nil }
        return try unsafe Self.show(key, pointer.pointee.key_len, body)
    }

    /// The value of the last header with this name; nil when there is none or it has no value.
    public func header(_ name: String) -> [UInt8]? {
        var headers: OpaquePointer?
        guard unsafe rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
        else {
            return nil
        }
        var (bytes, size): (UnsafeRawPointer?, Int) = (nil, 0)
        let code = unsafe rd_kafka_header_get_last(headers, name, &bytes, &size)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let bytes = unsafe bytes else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: size))
    }

    private static func show<Result, Failure: Error>(
        _ start: UnsafeMutableRawPointer?, _ count: Int,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe UnsafeBufferPointer(
            start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
        return try unsafe body(bytes.span)
    }
}

import CRdKafka

/// Why Kafka does not do what it is asked.
public struct KafkaError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// A setting is unknown or has a value that it cannot have.
        public static let badSetting = Code(name: "kafka_bad_setting")
        /// No broker can be reached, or none answered in time.
        public static let unavailable = Code(name: "kafka_unavailable")
        /// The topic or partition does not exist.
        public static let unknownTopic = Code(name: "kafka_unknown_topic")
        /// The log has no row at the position that was asked for.
        public static let outsideLog = Code(name: "kafka_outside_log")
        /// The user, the password or a right is missing.
        public static let denied = Code(name: "kafka_denied")
        /// The queue of rows that are to be sent is full.
        public static let full = Code(name: "kafka_full")
        /// The broker or the library refused for another reason.
        public static let refused = Code(name: "kafka_refused")
        /// The client is of no more use: it must be made anew.
        public static let fatal = Code(name: "kafka_fatal")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value; never a password.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whether the same may work a little later.
    public var isRetriable: Bool { [.unavailable, .full].contains(code) }
}

extension KafkaError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

extension KafkaError {
    /// What the library says, in our words; `what` was tried, as `cannot read the topic 'orders'`.
    init(_ failure: rd_kafka_resp_err_t, _ what: String) {
        let reason = unsafe String(cString: rd_kafka_err2str(failure))
        let (code, hint) = Self.meaning(of: failure)
        self.init(code, "\(what): \(reason)", hint: hint)
    }

    private static func meaning(of failure: rd_kafka_resp_err_t) -> (Code, String?) {
        switch failure {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
            RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
            (.unavailable, "see whether the brokers run and may be reached from here")
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            (.unknownTopic, "create the topic, or correct its name in the definitions")
        case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
            RD_KAFKA_RESP_ERR__NO_OFFSET:
            (.outsideLog, nil)
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            (.denied, "see the user, the password and the rights")
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: (.full, "send more slowly")
        case RD_KAFKA_RESP_ERR__FATAL: (.fatal, nil)
        default: (.refused, nil)
        }
    }
}

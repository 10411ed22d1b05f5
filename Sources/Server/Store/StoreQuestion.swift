public import Stores

/// What must be read for an answer, and how the answer comes of it.
///
/// A request is planned, its states are read, and it is answered. The first and the last never
/// wait; reading does where the store is a server, and while it does the loop answers others.
public struct StoreQuestion<Answer> {
    /// What must be read; empty when nothing must.
    public var requests: [StoreRequest]
    /// Where; nil when nothing must be read.
    public var store: ServedStore?
    private let makeAnswer: (Result<[StoreAnswer], StoreError>) throws(ServiceError) -> Answer

    /// Makes a question.
    ///
    /// - Parameters:
    ///   - requests: what must be read.
    ///   - store: where.
    ///   - answer: makes the answer of one stored answer per request, or of why there are none.
    public init(
        _ requests: [StoreRequest], of store: ServedStore?,
        answer: @escaping (Result<[StoreAnswer], StoreError>) throws(ServiceError) -> Answer
    ) {
        self.requests = requests
        self.store = store
        makeAnswer = answer
    }

    /// A question that needs no store.
    public init(answeredBy answer: Answer) {
        self.init([], of: nil) { _ in answer }
    }

    /// The answer from what was read.
    func answer(
        from stored: Result<[StoreAnswer], StoreError>
    ) throws(ServiceError) -> Answer { try makeAnswer(stored) }

    /// The same question with another answer made of its answer.
    func map<Other>(
        _ transform: @escaping (Answer) throws(ServiceError) -> Other
    ) -> StoreQuestion<Other> {
        StoreQuestion<Other>(requests, of: store) { [makeAnswer] stored throws(ServiceError) in
            try transform(makeAnswer(stored))
        }
    }
}

/// A store in the way in which loops read it.
public enum ServedStore: Sendable {
    /// Reading it takes microseconds: the loop does it on the spot.
    case local(any OnlineStore)
    /// Reading it means to wait for a server: each loop has connections of its own to it.
    case redis(RedisOnlineStore)

    /// The store, for who may wait.
    var store: any OnlineStore {
        switch self {
        case .local(let store): store
        case .redis(let store): store
        }
    }

    /// The way of `store`.
    public init(_ store: any OnlineStore) {
        if let redis = store as? RedisOnlineStore {
            self = .redis(redis)
        } else {
            self = .local(store)
        }
    }
}

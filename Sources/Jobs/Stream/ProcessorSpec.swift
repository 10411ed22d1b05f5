import Stores

/// What one processor does: when it is another, another processor must do it.
struct ProcessorSpec: Hashable, Sendable {
    /// Where the rows of a source go.
    enum Target: Hashable, Sendable {
        /// Into generations of views.
        case states([Fed])
        /// Into the event log.
        case log
    }

    /// A generation of a view.
    struct Fed: Hashable, Sendable {
        let view: String
        let generation: Generation
        let isShared: Bool
    }

    let source: String
    let target: Target
    /// The consumer group.
    let group: String
    /// Which of several threads that do the same.
    let worker: Int
    /// How many partitions the topic had: with more, everybody asks anew.
    let partitions: Int

    var sink: StreamOptions.Sink {
        if case .log = target { .offline } else { .online }
    }
}

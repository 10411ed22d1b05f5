import Redis
import Values

/// The keys of all states that some requests want, asked for tag by tag, and the pointers.
struct RedisReadPlan {
    /// How many keys one command asks for: few enough that others need not wait.
    private static let greatestKeyCount = 1000

    /// Commands to run together, and how many elements each answer has.
    struct Step {
        var commands = KeyedCommands()
        var counts: [Int] = []
    }

    /// States that one command asks for, and where they go.
    private struct Group {
        var keys: [[UInt8]] = []
        /// The request and the row of each.
        var places: [(request: Int, row: Int)] = []
    }

    private let requests: [StoreRequest]
    private let views: [String]
    private let generations: [Generation?]
    private var groups: [Group] = []

    init(
        _ requests: [StoreRequest], views: [String], generations: [Generation?], _ keys: StoreKey
    ) {
        self.requests = requests
        self.views = views
        self.generations = generations
        // For each tag the group that is being filled.
        var open: [UInt64: Int] = [:]
        for (index, request) in requests.enumerated() {
            guard let generation = generation(of: request) else { continue }
            for (row, key) in request.keys.enumerated() {
                guard let key else { continue }
                let tag = keys.slot(of: key.bytes)
                var group = open[tag] ?? -1
                if group < 0 || groups[group].keys.count == Self.greatestKeyCount {
                    group = groups.count
                    groups.append(Group())
                    open[tag] = group
                }
                groups[group].keys.append(
                    keys.bytes(generation: generation.id, entity: key.bytes))
                groups[group].places.append((index, row))
            }
        }
    }

    /// What to run one after the other: the states, and after them the pointers; all at once where
    /// the server runs it in order.
    func steps(inOrder: Bool) -> [Step] {
        var states = Step()
        for group in groups {
            states.commands.append("MGET", about: group.keys[0], group.keys)
            states.counts.append(group.keys.count)
        }
        if inOrder {
            states.appendPointers(of: views)
            return [states]
        }
        var pointers = Step()
        pointers.appendPointers(of: views)
        return states.counts.isEmpty ? [pointers] : [states, pointers]
    }

    /// Deals the states to the rows that asked for them.
    ///
    /// - Parameter replies: one per group.
    /// - Returns: one answer per request.
    /// - Throws: what a server answered if that is an error.
    func answers(_ replies: [RedisReply]) throws(StoreError) -> [StoreAnswer] {
        var answers = requests.map { request in
            StoreAnswer(
                generation: generation(of: request),
                values: Array(repeating: nil, count: request.keys.count))
        }
        for (group, reply) in zip(groups, replies) {
            let values = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try reply.optionalStrings(group.keys.count)
            }
            for (place, value) in zip(group.places, values) {
                answers[place.request].values[place.row] = value
            }
        }
        return answers
    }

    private func generation(of request: StoreRequest) -> Generation? {
        views.firstIndex(of: request.view).flatMap { generations[$0] }
    }
}

extension RedisReadPlan.Step {
    /// Asks for the live generations of `views`.
    fileprivate mutating func appendPointers(of views: [String]) {
        commands.append("MGET", about: RedisMetaKey.next, views.map(RedisMetaKey.live))
        counts.append(views.count)
    }
}

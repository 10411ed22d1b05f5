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
        /// The request and the row of each, and whether it was written alone.
        var places: [(request: Int, row: Int, isWritten: Bool)] = []
    }

    private let requests: [StoreRequest]
    private let areas: [StoreArea]
    private let generations: [Generation?]
    private var groups: [Group] = []

    init(
        _ requests: [StoreRequest], areas: [StoreArea], generations: [Generation?],
        _ keys: StoreKey
    ) {
        self.requests = requests
        self.areas = areas
        self.generations = generations
        // For each tag the group that is being filled.
        var open: [UInt64: Int] = [:]
        for (index, request) in requests.enumerated() {
            for area in StoreArea.of(request) {
                guard let generation = generation(of: area) else { continue }
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
                    groups[group].places.append((index, row, area.isWritten))
                }
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
            states.appendPointers(of: areas)
            return [states]
        }
        var pointers = Step()
        pointers.appendPointers(of: areas)
        return states.counts.isEmpty ? [pointers] : [states, pointers]
    }

    /// Deals the states to the rows that asked for them.
    ///
    /// - Parameter replies: one per group.
    /// - Returns: one answer per request.
    /// - Throws: what a server answered if that is an error.
    func answers(_ replies: [RedisReply]) throws(StoreError) -> [StoreAnswer] {
        var answers = requests.map(emptyAnswer)
        for (group, reply) in zip(groups, replies) {
            let values = try RedisOnlineStore.storeErrors { () throws(RedisError) in
                try reply.optionalStrings(group.keys.count)
            }
            for (place, value) in zip(group.places, values) {
                if place.isWritten {
                    answers[place.request].writes?.values[place.row] = value
                } else {
                    answers[place.request].values[place.row] = value
                }
            }
        }
        return answers
    }

    private func emptyAnswer(to request: StoreRequest) -> StoreAnswer {
        let none = [[UInt8]?](repeating: nil, count: request.keys.count)
        let areas = StoreArea.of(request)
        var answer = StoreAnswer(generation: generation(of: areas[0]), values: none)
        if areas.count > 1, let written = generation(of: areas[1]) {
            answer.writes = StoreAnswer.Writes(layout: written.layout, values: none)
        }
        return answer
    }

    private func generation(of area: StoreArea) -> Generation? {
        areas.firstIndex(of: area).flatMap { generations[$0] }
    }
}

extension RedisReadPlan.Step {
    /// Asks what is live in `areas`.
    fileprivate mutating func appendPointers(of areas: [StoreArea]) {
        commands.append("MGET", about: RedisMetaKey.next, areas.map(RedisMetaKey.pointer))
        counts.append(areas.count)
    }
}

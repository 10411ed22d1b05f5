import Redis
import Values

// Reading asks for the states of the generation that was live last, and *after* them for the
// pointers; on one server that is one round trip. A generation never comes back, and its states are
// removed only after the pointer has moved; so if the pointer still names it then, the states read
// before were whole. A pointer that names an earlier generation than it did is refused: the server was
// restored from an older copy, or a replica took over that lacked the last writes.

/// One read of states as a state machine: commands come out, answers go in.
struct RedisRead {
    /// What to do next.
    enum Step {
        /// Run commands and give the answers to `take`.
        case run(KeyedCommands)
        /// It is done: one answer per request.
        case done([StoreAnswer])
    }

    /// How often a reader follows a moving pointer before it gives up.
    private static let attempts = 64

    /// Where states are read from, each place once.
    let areas: [StoreArea]
    /// What was known of their pointers when these were asked for last.
    private var pointers: [LivePointer]
    /// What the pointers named then.
    private var found: [Generation?]?
    private let requests: [StoreRequest]
    private let keys: StoreKey
    private let isInOrder: Bool
    private var plan: RedisReadPlan
    private var steps: [RedisReadPlan.Step] = []
    /// How many elements each answer to the last commands must have.
    private var counts: [Int] = []
    private var replies: [RedisReply] = []
    private var attempt = 1

    /// Plans a read.
    ///
    /// - Parameters:
    ///   - requests: what is wanted.
    ///   - known: what the pointers named last, by place.
    ///   - keys: how keys are made.
    ///   - isInOrder: whether commands are done in their order, as one server does them.
    init(
        _ requests: [StoreRequest], known: [StoreArea: LivePointer], _ keys: StoreKey,
        isInOrder: Bool
    ) {
        var areas: [StoreArea] = []
        for area in requests.flatMap(StoreArea.of) where !areas.contains(area) {
            areas.append(area)
        }
        self.areas = areas
        self.requests = requests
        self.keys = keys
        self.isInOrder = isInOrder
        pointers = areas.map { known[$0] ?? LivePointer() }
        plan = RedisReadPlan(
            requests, areas: areas, generations: pointers.map(\.generation), keys)
    }

    /// Adds what was found to what the caller knows; also after a failure.
    func tell(_ live: inout [StoreArea: LivePointer]) {
        guard let found else { return }
        for (index, area) in areas.enumerated() {
            _ = live[area, default: LivePointer()].follow(found[index], knowing: pointers[index])
        }
    }

    /// The first commands.
    mutating func start() -> KeyedCommands {
        steps = plan.steps(inOrder: isInOrder).reversed()
        replies = []
        return next(steps.removeLast())
    }

    private mutating func next(_ step: RedisReadPlan.Step) -> KeyedCommands {
        counts = step.counts
        return step.commands
    }

    /// Takes the answers to the last commands, one each.
    ///
    /// - Throws: what a server answered if that is an error; `corrupt` for anything that is no
    ///   answer to the question; `rolledBack` for a pointer that went back; `busy` when generations
    ///   are replaced again and again.
    mutating func take(_ answers: [RedisReply]) throws(StoreError) -> Step {
        replies += answers
        if let step = steps.popLast() { return .run(next(step)) }
        let found = try generations(in: replies.removeLast())
        self.found = found
        if found == pointers.map(\.generation) { return .done(try plan.answers(replies)) }
        try follow(found)
        attempt += 1
        guard attempt <= Self.attempts else {
            throw StoreError(
                .busy, "the views \(viewNames) are replaced again and again",
                hint: "try again; see who materializes so often")
        }
        plan = RedisReadPlan(requests, areas: areas, generations: found, keys)
        return .run(start())
    }

    private mutating func follow(_ found: [Generation?]) throws(StoreError) {
        for (pointer, generation) in zip(pointers, found) {
            guard let generation, pointer.refuses(generation) else { continue }
            throw .rolledBack(to: generation)
        }
        for index in pointers.indices {
            let before = pointers[index]
            _ = pointers[index].follow(found[index], knowing: before)
        }
    }

    /// Whether answers are such as the last commands can have, errors included.
    func fits(_ answers: [RedisReply]) -> Bool {
        zip(answers, counts).allSatisfy { answer, count in
            switch answer {
            case .error: true
            case .array(let elements):
                elements.count == count
                    && elements.allSatisfy { element in
                        if case .bytes = element { return true }
                        return element == .null
                    }
            default: false
            }
        }
    }

    private var viewNames: String {
        areas.filter { !$0.isWritten }.map(\.view).joined(separator: ", ")
    }

    private func generations(in pointers: RedisReply) throws(StoreError) -> [Generation?] {
        let records = try RedisOnlineStore.storeErrors { () throws(RedisError) in
            try pointers.optionalStrings(areas.count)
        }
        var generations: [Generation?] = []
        for (area, record) in zip(areas, records) {
            guard let record else {
                generations.append(nil)
                continue
            }
            let generation = try Generation(encoded: record)
            guard generation.view == area.view else {
                throw StoreError(
                    .corrupt, "the record of '\(area.view)' is that of '\(generation.view)'",
                    hint: "see who else writes to this Redis; then materialize the view again")
            }
            generations.append(generation)
        }
        return generations
    }
}

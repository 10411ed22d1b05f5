// What stores decide alike when the record of a stream changes.

extension StreamRecord {
    /// The generations that are fed.
    var fed: [Fed] { next.map { [live, $0] } ?? [live] }

    /// The fed generation of this number.
    func fed(_ id: UInt64) -> Fed? { fed.first { $0.generation.id == id } }

    /// Generations whose checkpoints another record takes from their owners.
    struct Effects {
        /// They are claimed anew: their states are shared from now on.
        var fenced: [Fed] = []
        /// They are fed by nobody from now on.
        var dropped: [Fed] = []
    }

    /// What putting `new` in the place of `old` means for generations.
    static func effects(of old: StreamRecord?, becoming new: StreamRecord?) -> Effects {
        var effects = Effects()
        for fed in old?.fed ?? [] {
            guard let kept = new?.fed(fed.generation.id) else {
                effects.dropped.append(fed)
                continue
            }
            if kept.isShared && !fed.isShared { effects.fenced.append(kept) }
        }
        return effects
    }

    /// The record when its `next` is live.
    ///
    /// - Throws: `misuse` when there is none.
    func published() throws(StoreError) -> StreamRecord {
        guard let next else {
            throw StoreError(
                .misuse, "nothing is built beside the live generation of '\(view)'")
        }
        return StreamRecord(view: view, topic: topic, live: next)
    }

    /// The record when `generation` is built beside the live one, instead of any other.
    func building(_ generation: Generation) -> StreamRecord {
        var record = self
        record.next = Fed(generation: generation, partitions: 0, isShared: false)
        return record
    }
}

extension StoreError {
    /// A generation is published in the ordinary way although a stream feeds the live one.
    static func isStreamed(_ view: String) -> StoreError {
        StoreError(
            .busy, "a stream feeds view '\(view)': its live generation is not replaced by another",
            hint: "run it again: it then builds a generation that the stream takes over")
    }

    /// A generation is left to a stream that there is not.
    static func isNotStreamed(_ view: String) -> StoreError {
        StoreError(
            .misuse, "no stream feeds view '\(view)', so no generation can be left to it",
            hint: "run it again: it then publishes what it builds")
    }

    /// A stream of a generation that had one, which was ended: rows of the stream are in its states,
    /// and nobody knows which.
    static func isOver(_ generation: Generation) -> StoreError {
        StoreError(
            .misuse,
            "the stream of generation \(generation.id) of view '\(generation.view)' was ended, and "
                + "rows of it are in the states",
            hint: "build it anew: 'roost stream --rebuild \(generation.view)'")
    }

    /// A stream of a generation that nobody asks for any more.
    static func isReplaced(_ generation: Generation) -> StoreError {
        StoreError(
            .busy, "generation \(generation.id) of view '\(generation.view)' was replaced",
            hint: "start again with the one that took its place")
    }
}

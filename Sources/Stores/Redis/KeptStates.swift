import Synchronization

// States that only one worker writes need not be loaded for each batch. How many are kept is
// bounded by their bytes. When they are too many those go that were not used since the hand came by
// last (the clock algorithm): nothing moves when a state is used, and an entity is hashed once per
// commit.

/// States of entities, as they stand in the store, for as long as nobody else writes them.
package struct KeptStates {
    /// How many bytes all committers of a store keep, in equal shares.
    package final class Room: Sendable {
        /// What there is unless it is said otherwise.
        package static let usualByteCount = 256 << 20

        private let byteCount: Int
        private let users = Atomic(0)

        package init(byteCount: Int = usualByteCount) { self.byteCount = byteCount }

        /// One committer more, or less.
        func change(by count: Int) { users.add(count, ordering: .relaxed) }

        /// What one of them may keep.
        var share: Int { byteCount / max(users.load(ordering: .relaxed), 1) }
    }

    /// What an entry takes beside its key and its state: two headers, and its place in the table.
    private static let entryByteCount = 160

    private struct Entry {
        let entity: [UInt8]
        var state: [UInt8]
        var wasUsed: Bool

        var byteCount: Int { entity.count + state.count + KeptStates.entryByteCount }
    }

    private var places: [[UInt8]: Int] = [:]
    private var entries: [Entry] = []
    private var hand = 0
    private(set) var byteCount = 0
    private let room: Room

    /// Keeps none yet, and never more than its share of `room` but for the states of one batch.
    init(in room: Room) { self.room = room }

    /// How many are kept.
    var count: Int { entries.count }

    /// Where the state of `entity` is, until a state is added or removed.
    mutating func place(of entity: [UInt8]) -> Int? {
        guard let place = places[entity] else { return nil }
        entries[place].wasUsed = true
        return place
    }

    /// The state at a place.
    func state(at place: Int) -> [UInt8] { entries[place].state }

    /// Takes the states that a batch has written.
    mutating func take(_ states: BatchStates) {
        for (index, place) in states.places.enumerated() where place >= 0 {
            byteCount += states.folded[index].count - entries[place].state.count
            entries[place].state = states.folded[index]
        }
        for index in states.missing {
            let entry = Entry(
                entity: states.entities[index], state: states.folded[index], wasUsed: false)
            places[entry.entity] = entries.count
            entries.append(entry)
            byteCount += entry.byteCount
        }
        let greatestByteCount = room.share
        while byteCount > greatestByteCount, !entries.isEmpty { turn() }
    }

    /// Forgets all.
    mutating func removeAll() {
        if entries.isEmpty { return }
        self = KeptStates(in: room)
    }

    /// Removes what is under the hand, unless it was used since the hand was there last.
    private mutating func turn() {
        if hand >= entries.count { hand = 0 }
        guard !entries[hand].wasUsed else {
            entries[hand].wasUsed = false
            hand += 1
            return
        }
        let last = entries.count - 1
        entries.swapAt(hand, last)
        let gone = entries.removeLast()
        places[gone.entity] = nil
        byteCount -= gone.byteCount
        if hand < last { places[entries[hand].entity] = hand }
        hand += 1
    }
}

/// The states of one batch on their way through a commit.
struct BatchStates {
    /// Whose they are.
    let entities: [[UInt8]]
    /// The keys in the store, in the same order.
    let keys: [[UInt8]]
    /// Where they are kept; -1 for those that are not.
    let places: [Int]
    /// Which of them are not kept.
    let missing: [Int]
    /// What the store has of those.
    var loaded: [[UInt8]?]
    /// What they are after the rows.
    private(set) var folded: [[UInt8]] = []

    /// No states.
    init() {
        (entities, keys, places, missing, loaded) = ([], [], [], [], [])
    }

    /// Looks which of the states of `entities` are kept.
    init(_ entities: [[UInt8]], _ prefix: [UInt8], _ kept: inout KeptStates) {
        self.entities = entities
        keys = entities.map { prefix + StoreKey.stored($0) }
        var places: [Int] = []
        places.reserveCapacity(entities.count)
        for entity in entities { places.append(kept.place(of: entity) ?? -1) }
        self.places = places
        missing = places.indices.filter { places[$0] < 0 }
        loaded = Array(repeating: nil, count: entities.count)
    }

    /// Makes the states after the rows of `batch`.
    mutating func fold(_ batch: CommitBatch, _ kept: KeptStates) throws(StoreError) {
        folded.reserveCapacity(entities.count)
        for index in entities.indices {
            let place = places[index]
            let state = place < 0 ? loaded[index] : kept.state(at: place)
            folded.append(try batch.fold(index, state))
        }
    }
}

import Stores
import Values

/// The states of a generation as a store has them, in ascending order of what stands for their
/// entities.
struct StoredStates {
    private var memory: ArraySlice<Entry>
    private var runs: [(run: SpilledRun, head: Entry?)]

    private typealias Entry = (key: [UInt8], value: [UInt8])

    /// Copies the states and sorts them, on disk beyond about `memory` bytes.
    init(
        _ generation: Generation, in store: any OnlineStore, spill: SpillFolder, memory: Int
    ) throws {
        var entries: [Entry] = []
        var size = 0
        var runs: [SpilledRun] = []
        var failure: (any Error)?
        try store.readStates(of: generation) { entity, state in
            entries.append((entity, state))
            size += entity.count + state.count + 64
            if size < memory { return true }
            do throws(JobError) {
                runs.append(try Self.spilled(entries, spill))
            } catch {
                failure = error
                return false
            }
            entries.removeAll(keepingCapacity: true)
            size = 0
            return true
        }
        if let failure { throw failure }
        entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
        self.memory = entries[...]
        self.runs = try runs.map { run throws(JobError) in (run, try run.next()) }
    }

    private static func spilled(
        _ entries: [Entry], _ spill: SpillFolder
    ) throws(JobError) -> SpilledRun {
        let run = try spill.newRun()
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for entry in sorted { try run.append(entry.key, entry.value) }
        try run.finish()
        return run
    }

    /// The next state; nil at the end.
    mutating func next() throws -> (key: [UInt8], value: [UInt8])? {
        var least = memory.first
        for (_, head) in runs {
            guard let head else { continue }
            if least.map({ head.key.lexicographicallyPrecedes($0.key) }) ?? true { least = head }
        }
        guard let least else { return nil }
        // A server may give one twice.
        while memory.first?.key == least.key { memory.removeFirst() }
        for index in runs.indices {
            while runs[index].head?.key == least.key {
                runs[index].head = try runs[index].run.next()
            }
        }
        return least
    }
}

/// The states that rows give, in ascending order of what stands for their entities in a store.
///
/// Long entities are stored as their beginning and their digest, so those with one beginning are
/// in another order there: they are sorted again.
struct ExpectedStates {
    struct Entry {
        /// What stands for the entity in a store.
        let stored: [UInt8]
        let entity: [UInt8]
        var state: [UInt8]
    }

    private var merge: StateMerge
    private let cut: EventTime
    private var waiting: ArraySlice<Entry> = []
    private var ahead: Entry?

    init(_ merge: StateMerge, cut: EventTime) {
        self.merge = merge
        self.cut = cut
    }

    /// The next state; nil at the end.
    mutating func next() throws -> Entry? {
        if let entry = waiting.popFirst() { return entry }
        guard let first = try ahead ?? read() else { return nil }
        ahead = nil
        guard first.stored != first.entity else { return first }
        let beginning = first.entity.prefix(Self.beginning)
        var group = [first]
        while let entry = try read() {
            guard entry.stored != entry.entity, entry.entity.starts(with: beginning) else {
                ahead = entry
                break
            }
            group.append(entry)
        }
        group.sort { $0.stored.lexicographicallyPrecedes($1.stored) }
        waiting = group[...]
        return waiting.popFirst()
    }

    private static let beginning = StoreKey.longestEntity

    private mutating func read() throws -> Entry? {
        guard let (key, state) = try merge.next(at: cut) else { return nil }
        return Entry(stored: StoreKey.stored(key), entity: key, state: state)
    }
}

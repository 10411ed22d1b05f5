package import CommitProtocol
import Planning
import PointInTime
package import Records
import States
package import Stores
import Values

/// Folds the rows of one partition into the states of one generation of a view.
package final class ViewSink: PartitionSink {
    /// A transaction changes at most so many entities, so that it holds a server up for a
    /// millisecond at most.
    package static let greatestEntities = 400

    private let greatestEntities: Int
    /// What the states of this partition alone say of where their rows came from.
    private let own: StatePartition
    /// Whether a state of a keyed view had rows of another partition.
    private var hasForeignState = false

    private let fed: FedView
    private let partition: Int32
    private let committer: any StreamCommitter<CommitBatch>
    private let counters: StreamCounters
    private let scope: RowScope

    package var name: String { "the view '\(fed.layout.view.name)'" }

    /// Folds rows of `partition` into the states of `fed`.
    ///
    /// - Parameters:
    ///   - fed: the generation.
    ///   - partition: which rows come.
    ///   - committer: the partition's side of its checkpoint.
    ///   - counters: where it is counted what becomes of rows.
    ///   - greatestEntities: one transaction changes at most so many.
    package init(
        _ fed: FedView, partition: Int32, committer: any StreamCommitter<CommitBatch>,
        counters: StreamCounters, greatestEntities: Int = ViewSink.greatestEntities
    ) {
        own = .one(UInt32(partition))
        self.greatestEntities = greatestEntities
        self.fed = fed
        self.partition = partition
        self.committer = committer
        self.counters = counters
        scope = RowScope(fed.layout.view, cut: fed.generation.cut)
    }

    package var remedy: String {
        "if the topic was made anew or its rows expired, build the view again: 'roost stream --rebuild "
            + "\(fed.layout.view.name)'"
    }

    package func claim(_ token: OwnerToken) throws -> CommitAction { try committer.claim(token) }

    package func release() { committer.release() }

    package func check(at position: Position) throws -> CommitAction {
        try committer.commit(CommitBatch(end: position, keys: []) { _, state in state ?? [] })
    }

    package func write(_ batch: StreamRows, from position: Position) throws -> CommitAction {
        var counts = RowCounts()
        var rows = ViewRows(of: batch, fed.layout, outside: scope, &counts)
        counters.add(counts, to: name)
        if let newest = rows.newestEvent { counters.note(newest, partition, of: name) }
        var position = position
        while position.offset < batch.end {
            let chunk = rows.chunk(
                from: rows.firstRow(from: position.offset), limit: greatestEntities)
            let end = chunk.end < rows.count ? rows.offset(of: chunk.end) : batch.end
            let action = try commit(chunk, of: rows, end: Position(end))
            guard case .goOn(let next) = action else { return action }
            position = next
        }
        return .goOn(from: position)
    }

    private func commit(
        _ chunk: ViewChunk, of rows: ViewRows, end: Position
    ) throws -> CommitAction {
        do {
            return try committer.commit(
                CommitBatch(end: end, keys: chunk.keys) { [self] place, bytes throws(StoreError) in
                    try fold(place, of: chunk, rows, into: bytes)
                })
        } catch  where hasForeignState {
            throw StreamInterruption.notKeyed(view: fed.layout.view.name)
        }
    }

    /// The bytes of a state after the rows of an entity.
    private func fold(
        _ place: Int, of chunk: ViewChunk, _ rows: ViewRows, into bytes: [UInt8]?
    ) throws(StoreError) -> [UInt8] {
        var state = try decoded(bytes)
        if !fed.isShared, state.partition != .none, state.partition != own {
            hasForeignState = true
            throw StoreError(.misuse, "a state of another partition")
        }
        rows.fold(place, of: chunk, into: &state)
        state.partition = state.partition.merged(with: own)
        state.leaveOutUnseen()
        return state.encoded
    }

    private func decoded(_ bytes: [UInt8]?) throws(StoreError) -> ViewState {
        guard let bytes else { return ViewState(fed.layout) }
        do throws(StateError) {
            return try ViewState(fed.layout, encoded: bytes)
        } catch {
            throw StoreError(
                .corrupt, error.message,
                hint: "run 'roost stream --rebuild \(fed.layout.view.name)'")
        }
    }
}

extension ViewState {
    /// Leaves out what nobody sees any more: it is asked just after its newest row, or later.
    fileprivate mutating func leaveOutUnseen() {
        guard let newest else { return }
        prune(to: newest.advanced(by: EventDuration(microseconds: 1)))
    }
}

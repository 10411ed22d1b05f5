import Columns
import Expressions
import Planning
import Values

/// The rows of one partition of a view: grouped by entity, each group in order of
/// (event time, known-at), with the times at which they become visible.
///
/// Files are usually in time order, so rows are grouped stably by entity, which is much cheaper
/// than sorting; a group is sorted only where its order is found broken.
struct PartitionRows: Sendable {
    /// Local entity `e` has the rows `starts[e]..<starts[e + 1]`.
    let starts: [Int]
    let eventTimes: FixedValues<Int64>
    /// The first asking time that sees the row.
    let visibleFrom: FixedValues<Int64>
    /// The rows of each entity in the order in which they become visible.
    let arrivals: FixedValues<Int32>
    /// Runs of rows of one entity with equal times, whose order a feature's values decide.
    let ties: [Range<Int>]
    /// Every row at its own position: the order where no ties need another.
    let identity: FixedValues<Int32>
    /// The values of `ViewScan.inputs`.
    let inputs: [Column]

    /// Collects partition `partition` from all chunks.
    init(partition: Int, scan: ViewScan, chunks: [ScannedRows], visibility: Visibility) {
        let entityCount = scan.partitioning.entityCount(in: partition)
        var grouping = RowGrouping(
            partition: partition, entityCount: entityCount, partitioning: scan.partitioning,
            chunks: chunks, visibility: visibility)
        grouping.sortGroups()
        let addresses = grouping.addresses
        let times = grouping.eventTimes
        starts = grouping.starts
        ties = grouping.ties
        visibleFrom = FixedValues(grouping.visibleFrom)
        arrivals = FixedValues(arrivalOrder(starts: grouping.starts, visibleFrom: visibleFrom))
        eventTimes = FixedValues(times)
        identity = FixedValues(times.indices.map { Int32($0) })
        let shared = FixedValues(addresses)
        inputs = scan.inputs.indices.map { input in
            Column(
                type: scan.inputs[input].type, parts: chunks.map { $0.inputs[input] }, at: shared)
        }
    }
}

/// The rule by which an asking time sees a row.
struct Visibility: Sendable {
    /// Added to known-at before it is compared.
    let delay: Int64
    /// How far the asking time must be past the event time.
    let step: Int64

    /// - Parameters:
    ///   - refresh: how the view is refreshed; a batch-refreshed view is asked at its cut.
    ///   - isInclusive: whether a row at the asking time itself is seen.
    init(refresh: Refresh, isInclusive: Bool) {
        switch refresh {
        case .stream(let visibleDelay):
            delay = visibleDelay.microseconds
            step = isInclusive ? 0 : 1
        case .every:
            delay = 0
            step = 1
        }
    }

    /// The first asking time that sees a row; nil when it lies beyond 64 bits.
    func firstAskingTime(event: Int64, known: Int64) -> Int64? {
        let happened = event.addingReportingOverflow(step)
        let visible = known.addingReportingOverflow(delay)
        if happened.overflow || visible.overflow { return nil }
        return max(happened.partialValue, visible.partialValue)
    }
}

/// `left + right`, kept within 64 bits.
func clampedSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
}

/// Groups the rows of a partition by entity.
private struct RowGrouping {
    private(set) var starts: [Int]
    private(set) var addresses: [RowAddress]
    private(set) var eventTimes: [Int64]
    private(set) var visibleFrom: [Int64]
    private(set) var ties: [Range<Int>] = []
    private var knownTimes: [Int64]

    /// Groups the rows that some asking time sees.
    init(
        partition: Int, entityCount: Int, partitioning: Partitioning, chunks: [ScannedRows],
        visibility: Visibility
    ) {
        starts = Array(repeating: 0, count: entityCount + 1)
        let visible = chunks.map { $0.visibleRows(in: partition, visibility) }
        for (chunk, rows) in zip(chunks, visible) {
            for (row, _) in rows { starts[partitioning.local(chunk.entities[row]) + 1] += 1 }
        }
        accumulate(&starts)
        let count = starts.last ?? 0
        addresses = Array(repeating: RowAddress(part: 0, row: 0), count: count)
        eventTimes = Array(repeating: 0, count: count)
        knownTimes = eventTimes
        visibleFrom = eventTimes
        var next = starts
        for (part, (chunk, rows)) in zip(chunks, visible).enumerated() {
            for (row, from) in rows {
                let entity = partitioning.local(chunk.entities[row])
                let position = next[entity]
                next[entity] += 1
                addresses[position] = RowAddress(part: Int32(part), row: Int32(row))
                eventTimes[position] = chunk.eventTimes[row]
                knownTimes[position] = chunk.knownTimes[row]
                visibleFrom[position] = from
            }
        }
    }

    /// Brings each group into order of (event time, known-at) and notes the ties.
    mutating func sortGroups() {
        for entity in 0..<(starts.count - 1) {
            let group = starts[entity]..<starts[entity + 1]
            if !isOrdered(group) { sort(group) }
            findTies(group)
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (eventTimes[left], knownTimes[left]) < (eventTimes[right], knownTimes[right])
    }

    private func isOrdered(_ group: Range<Int>) -> Bool {
        group.dropFirst().allSatisfy { !precedes($0, $0 - 1) }
    }

    private mutating func sort(_ group: Range<Int>) {
        let order = group.sorted { precedes($0, $1) || (!precedes($1, $0) && $0 < $1) }
        addresses.replaceSubrange(group, with: order.map { addresses[$0] })
        eventTimes.replaceSubrange(group, with: order.map { eventTimes[$0] })
        knownTimes.replaceSubrange(group, with: order.map { knownTimes[$0] })
        visibleFrom.replaceSubrange(group, with: order.map { visibleFrom[$0] })
    }

    private mutating func findTies(_ group: Range<Int>) {
        var first = group.lowerBound
        for row in group.dropFirst() where precedes(row - 1, row) {
            if row - first > 1 { ties.append(first..<row) }
            first = row
        }
        if group.upperBound - first > 1 { ties.append(first..<group.upperBound) }
    }
}

/// The rows of each group in order of the first asking time that sees them.
private func arrivalOrder(starts: [Int], visibleFrom: FixedValues<Int64>) -> [Int32] {
    var order = (0..<visibleFrom.count).map { Int32($0) }
    for entity in 0..<(starts.count - 1) {
        let group = starts[entity]..<starts[entity + 1]
        if group.dropFirst().allSatisfy({ visibleFrom[$0 - 1] <= visibleFrom[$0] }) { continue }
        order[group].sort { left, right in
            (visibleFrom[Int(left)], left) < (visibleFrom[Int(right)], right)
        }
    }
    return order
}

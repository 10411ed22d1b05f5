import Columns
import Planning
import Values

/// What a spine asks one view: one query per (role, spine row), grouped by entity, in time order.
///
/// A view that a service uses in several roles is asked for all of them at once, so its source is
/// scanned once. Query `role * spineRows + row` belongs to spine row `row`.
struct SpineQueries: Sendable {
    let table: KeyTable
    let partitioning: Partitioning
    /// Queries of partition `p`, ordered by local entity, then by asking time.
    let partitions: [PartitionQueries]
    /// For each query its partition and its place in that partition's results.
    let addresses: FixedValues<RowAddress>
}

/// The queries of one partition.
struct PartitionQueries: Sendable {
    /// Asking times in the order of the queries.
    let askingTimes: FixedValues<Int64>
    /// Local entity `e` has the queries `starts[e]..<starts[e + 1]`.
    let starts: [Int]
}

/// Numbers the keys of a spine as its chunks are read, for one view in all its roles.
struct SpineQueriesBuilder {
    /// The number of the key of spine rows with a null in a key column: no source row has it.
    private static let nobody: Int32 = 0

    private let lookups: [Lookup]
    private var table = KeyTable()
    private var entities: [[Int32]]

    /// Starts for the lookups of one view.
    init(lookups: [Lookup]) {
        self.lookups = lookups
        entities = Array(repeating: [], count: lookups.count)
        _ = table.insert(EntityKey())
    }

    /// In how many roles the view is asked.
    var roleCount: Int { lookups.count }

    /// The key columns that `append` needs.
    var fields: [Field] {
        var fields: [Field] = []
        for lookup in lookups {
            for (column, key) in zip(lookup.spineColumns, lookup.view.keys)
            where !fields.contains(where: { $0.name == column }) {
                fields.append(Field(name: column, type: key.type))
            }
        }
        return fields
    }

    /// Adds the rows of a batch that has the columns of `fields`.
    mutating func append(_ batch: ColumnBatch) {
        var key = EntityKey()
        for (role, lookup) in lookups.enumerated() {
            let reader = EntityKeyReader(columns: lookup.spineColumns.compactMap { batch[$0] })
            for row in 0..<batch.rowCount {
                let isComplete = reader.read(row, into: &key)
                entities[role].append(isComplete ? table.insert(key) : Self.nobody)
            }
        }
    }

    /// Groups the queries.
    ///
    /// - Parameters:
    ///   - times: the asking time of each spine row, in microseconds.
    ///   - order: the spine rows in ascending order of time.
    /// - Returns: the queries by partition, and where each one went.
    func finish(times: [Int64], order: [Int32]) -> SpineQueries {
        let partitioning = Partitioning(entityCount: table.count)
        var starts = (0..<partitioning.partitionCount).map { partition in
            [Int](repeating: 0, count: partitioning.entityCount(in: partition) + 1)
        }
        for entity in entities.joined() {
            starts[partitioning.partition(of: entity)][partitioning.local(entity) + 1] += 1
        }
        for partition in starts.indices { accumulate(&starts[partition]) }
        var next = starts
        var partitionTimes = starts.map { [Int64](repeating: 0, count: $0.last ?? 0) }
        var addresses = [RowAddress](
            repeating: RowAddress(part: -1, row: -1), count: times.count * lookups.count)
        for row in order {
            for role in lookups.indices {
                let entity = entities[role][Int(row)]
                let partition = partitioning.partition(of: entity)
                let position = next[partition][partitioning.local(entity)]
                next[partition][partitioning.local(entity)] += 1
                partitionTimes[partition][position] = times[Int(row)]
                addresses[role * times.count + Int(row)] = RowAddress(
                    part: Int32(partition), row: Int32(position))
            }
        }
        return SpineQueries(
            table: table, partitioning: partitioning,
            partitions: zip(partitionTimes, starts).map { times, starts in
                PartitionQueries(askingTimes: FixedValues(times), starts: starts)
            },
            addresses: FixedValues(addresses))
    }
}

/// Turns counts into starts: each element becomes the sum of itself and all before it.
func accumulate(_ counts: inout [Int]) {
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
}

import Columns
import Expressions
import JoinSupport
import Planning
import PointInTime
import Records
import States
import Stores
import Streams
import TestSupport
import Values

/// The rows of a random view as a stream behind a batch: some are in the base of a generation, all
/// are in the topic.
struct RandomStream {
    let join: RandomJoin
    let fed: FedView
    let topic: MemoryTopic
    /// The states of the base.
    let base: [[UInt8]: [UInt8]]

    /// Nil for a view that is not refreshed by a stream.
    init?(seed: UInt64, isShared: Bool) {
        join = RandomJoin(seed: seed)
        guard case .stream = join.view.refresh else { return nil }
        var random = SeededGenerator(seed: seed ^ 0x57_5245_414D)
        let cuts: [Int64] = [.min, -20, 0, 7, 30]
        let seconds = cuts.randomElement(using: &random) ?? 0
        let cut =
            seconds == .min ? EventTime.distantPast : EventTime(microseconds: seconds * 1_000_000)
        fed = FedView(
            join.view,
            generation: Generation(
                id: 1, view: "view", layout: [], identity: [], cut: cut, entities: 0),
            isShared: isShared)
        base = Self.base(of: join, cut: cut)
        topic = Self.topic(
            of: join.rows, partitions: Int.random(in: 1...3, using: &random), isShared, &random)
    }

    /// A duplicate is a record of its own with the same row.
    private static func topic(
        of rows: [[Scalar]], partitions: Int, _ isShared: Bool, _ random: inout SeededGenerator
    ) -> MemoryTopic {
        var topic = MemoryTopic(partitions: Array(repeating: [], count: partitions))
        var next = Array(repeating: Int64(0), count: partitions)
        let naive = { (row: [Scalar]) -> Int64 in
            if case .timestamp(let event) = row[1] { event.microseconds } else { 0 }
        }
        for index in rows.indices.shuffled(using: &random) {
            var partition = Int.random(in: 0..<partitions, using: &random)
            if !isShared, case .integer(let key) = rows[index][0] {
                partition = Int(key) % partitions
            }
            next[partition] += Int64.random(in: 0..<4, using: &random) == 0 ? 3 : 0
            topic.partitions[partition].append(
                MemoryTopic.Record(
                    offset: next[partition], timestamp: naive(rows[index]), value: [UInt8(index)]))
            next[partition] += 1
        }
        return topic
    }

    private static func base(of join: RandomJoin, cut: EventTime) -> [[UInt8]: [UInt8]] {
        let naive = NaiveJoin(join: join)
        let scope = RowScope(join.view, cut: cut)
        let rows = join.rows.filter { row in
            row[0] != .null && naive.isAdmitted(row)
                && scope.contains(
                    event: naive.event(row).microseconds, known: naive.known(row).microseconds)
        }
        return states(of: rows, join).mapValues { $0.pruned(to: cut).encoded }
    }

    /// The states of rows that count, by the bytes of their keys.
    static func states(of rows: [[Scalar]], _ join: RandomJoin) -> [[UInt8]: ViewState] {
        let naive = NaiveJoin(join: join)
        let layout = StateLayout(join.view)
        var states: [[UInt8]: ViewState] = [:]
        for row in rows where row[0] != .null && naive.isAdmitted(row) {
            guard case .integer(let number) = row[0] else { continue }
            var key = EntityKey()
            key.append(number)
            let values = layout.inputs.map { input in
                row[RandomJoin.sourceSchema.index(of: input.canonicalText) ?? 0]
            }
            states[key.bytes, default: ViewState(layout)].fold(
                eventTime: naive.event(row), knownAt: naive.known(row), values: values)
        }
        return states
    }

    /// Makes rows of records, whose values are the rows' numbers.
    func decode(_ records: RecordBatch) -> StreamRows {
        let rows = (0..<records.count).map { index in
            join.rows[Int(records.value(at: index)?.first ?? 0)]
        }
        var schema = RandomJoin.sourceSchema
        var columns = schema.fields.indices.map { field in
            Column(type: schema.fields[field].type, rows.map { $0[field] })
        }
        if join.view.source.knownAt == nil {
            schema = Schema(
                schema.fields + [Field(name: StreamRows.knownAt, type: .timestamp)])
            columns.append(
                Column(
                    type: .timestamp,
                    records.timestamps.map {
                        .timestamp(EventTime(microseconds: $0 ?? 0))
                    }))
        }
        return StreamRows(
            partition: records.partition, end: (records.offsets.last ?? -1) + 1,
            offsets: records.offsets,
            batch: ColumnBatch(schema: schema, columns: columns, rowCount: rows.count),
            rejected: [])
    }
}

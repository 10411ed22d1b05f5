import Columns
import Planning
import Values

/// Reads what the views need of a spine: asking times and keys.
struct SpineReader {
    let spine: any BatchRows
    let time: String

    /// Reads the spine once, chunk by chunk.
    func read(_ uses: [ViewUse], lookups: [Lookup]) throws -> SpineQuestions {
        var builders = uses.map { use in
            SpineQueriesBuilder(lookups: use.lookups.map { lookups[$0] })
        }
        var times: [Int64] = []
        for chunk in 0..<spine.chunkCount {
            let stamps = try spine.read(
                chunk: chunk, schema: Schema([Field(name: time, type: .timestamp)]))
            try append(stamps, to: &times)
            for index in builders.indices {
                builders[index].append(
                    try spine.read(chunk: chunk, schema: Schema(builders[index].fields)))
            }
        }
        try checkCount(times.count * max(1, builders.map(\.roleCount).max() ?? 1))
        let order = timeOrder(times)
        return SpineQuestions(
            times: times, queries: builders.map { $0.finish(times: times, order: order) })
    }

    private func append(_ batch: ColumnBatch, to times: inout [Int64]) throws {
        let column = batch.columns[0]
        let values = batch.int64Values(time)
        for row in 0..<batch.rowCount {
            if column.isNull(row) {
                throw PointInTimeError(
                    code: .nullSpineTime,
                    message: """
                        row \(times.count + 1) of the spine has a null \(time): a row without an \
                        asking time has no features; remove it or fill the column
                        """)
            }
            times.append(values[row])
        }
    }

    private func checkCount(_ queries: Int) throws {
        guard queries < Int(Int32.max) else {
            throw PointInTimeError(
                code: .tooManyRows,
                message: "a spine of more than \(Int32.max) rows x roles: split it by time")
        }
    }

    private func timeOrder(_ times: [Int64]) -> [Int32] {
        let order = times.indices.map { Int32($0) }
        if zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) { return order }
        return order.sorted { (times[Int($0)], $0) < (times[Int($1)], $1) }
    }
}

/// What a spine asks all views of a service.
struct SpineQuestions {
    /// The asking time of each spine row.
    let times: [Int64]
    /// One per view, in the order of the uses.
    let queries: [SpineQueries]

    /// How many rows ask later than `mark`.
    func rowsLater(than mark: EventTime?) -> Int {
        guard let mark else { return 0 }
        return times.count { $0 > mark.microseconds }
    }

    /// Refuses rows later than the source's complete-to mark.
    func check(_ source: SourcePlan, _ options: JoinOptions) throws {
        guard let mark = options.mark(of: source), !options.allowsIncomplete,
            let row = times.firstIndex(where: { $0 > mark.microseconds })
        else { return }
        let remedy =
            mark == source.completeTo
            ? "load the missing rows and move complete_to"
            : "materialize up to that time, or ask for a later state"
        throw PointInTimeError(
            code: .incompleteSource,
            message: """
                row \(row + 1) of the spine asks at \(EventTime(microseconds: times[row])), but \
                source \(source.name) is complete to \(mark) only (\(rowsLater(than: mark)) rows \
                ask later); \(remedy), or keep those rows with --allow-incomplete
                """)
    }
}

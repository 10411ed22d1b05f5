import Columns
import Expressions
import Planning

/// One view of a service, ready to be joined: what to scan for and what is asked.
struct ViewJoin: Sendable {
    let use: ViewUse
    let scan: ViewScan
    private let queries: SpineQueries
    private let visibility: Visibility

    init(use: ViewUse, queries: SpineQueries, options: JoinOptions) {
        self.use = use
        self.queries = queries
        scan = ViewScan(view: use.view, wanted: use.wanted, queries: queries)
        visibility = Visibility(refresh: use.view.refresh, isInclusive: options.isInclusive)
    }

    /// The partitions, each a task of its own.
    var partitions: Range<Int> { queries.partitions.indices }

    /// Answers the queries of one partition.
    func sweep(
        partition: Int, chunks: [ScannedRows]
    ) throws(PointInTimeError) -> PartitionResult {
        let asked = queries.partitions[partition]
        let view = use.view
        let rows = PartitionRows(
            partition: partition, scan: scan, chunks: chunks, visibility: visibility)
        let times = QueryTimes(askingTimes: asked.askingTimes, refresh: view.refresh)
        let sweeper = FeatureSweeper(
            rows: rows, queryStarts: asked.starts, times: times, inputs: scan.inputs)
        switch view.features {
        case .latest(let features):
            return sweeper.latest(features, wanted: use.wanted, ttl: view.ttl)
        case .aggregates(let features):
            return try sweeper.aggregates(use.wanted.map { features[$0] }, ttl: view.ttl)
        }
    }

    /// Puts the results of all partitions together.
    func result(partitions: [PartitionResult], chunks: [ScannedRows]) -> ViewResult {
        var report = ViewReport(view: use.view.name)
        for chunk in chunks {
            report.rows.add(chunk.counts)
            report.faults.add(chunk.faults)
        }
        for partition in partitions {
            report.overflowedKeys += partition.overflowedKeys
            report.faults.overflow += partition.sumOverflows
        }
        return ViewResult(
            partitions: partitions.map(\.columns), addresses: queries.addresses, report: report)
    }
}

/// The answers of one partition: a column per wanted feature, a row per query.
struct PartitionResult: Sendable {
    var columns: [Column] = []
    /// (key, feature) pairs with more rows in an exact window than it keeps.
    var overflowedKeys = 0
    /// Integer sums that did not fit 64 bits.
    var sumOverflows = 0
}

/// The answers of one view, grouped as they were computed.
struct ViewResult: Sendable {
    /// `[partition][wanted feature]`
    let partitions: [[Column]]
    /// For each query its partition and place.
    let addresses: FixedValues<RowAddress>
    let report: ViewReport
}

public import Columns
public import Expressions
import Planning
public import Values

/// The features of a spine, readable chunk by chunk in spine order.
public struct JoinResult: Sendable {
    /// What was counted on the way.
    public let report: JoinReport
    /// The columns that `features(chunk:)` gives: the service's features, then derived ones.
    public let schema: Schema

    private let plan: ServicePlan
    private let spine: any BatchRows
    private let firstRows: [Int]
    private let columns: [FeatureColumn]

    init(
        plan: ServicePlan, spine: any BatchRows, uses: [ViewUse], results: [ViewResult],
        incomplete: [Int]
    ) {
        self.plan = plan
        self.spine = spine
        var firstRows = [0]
        for chunk in 0..<spine.chunkCount {
            firstRows.append(firstRows[chunk] + spine.rowCount(chunk: chunk))
        }
        self.firstRows = firstRows
        let rowCount = firstRows[spine.chunkCount]
        columns = plan.features.compactMap { feature in
            FeatureColumn(feature, spineRows: rowCount, uses: uses, results: results)
        }
        schema = Schema(
            plan.features.map { Field(name: $0.column, type: $0.type) }
                + plan.derived.map { Field(name: $0.name, type: $0.expression.type) })
        report = JoinReport(
            spineRows: rowCount,
            views: zip(results, incomplete).map { result, incomplete in
                var report = result.report
                report.incompleteSpineRows = incomplete
                return report
            })
    }

    /// The features of the rows of one spine chunk, in the order of the spine.
    ///
    /// - Parameters:
    ///   - chunk: a chunk of the spine.
    ///   - faults: counts the operations of derived features that had to give null.
    /// - Returns: a batch with the columns of `schema`.
    /// - Throws: when the request columns cannot be read from the spine.
    public func features(chunk: Int, faults: inout FaultCounts) throws -> ColumnBatch {
        let rows = firstRows[chunk]..<firstRows[chunk + 1]
        let requested = try spine.read(chunk: chunk, schema: Schema(plan.request))
        var batch = ColumnBatch(
            schema: Schema(plan.features.map { Field(name: $0.column, type: $0.type) }),
            columns: columns.map { $0.values(of: rows) }, rowCount: rows.count)
        for (field, column) in zip(requested.schema.fields, requested.columns) {
            batch = batch.appending(column, named: field.name)
        }
        for derived in plan.derived {
            batch = batch.appending(
                derived.expression.evaluate(batch, faults: &faults), named: derived.name)
        }
        return ColumnBatch(
            schema: schema, columns: schema.fields.map { batch.column($0.name) },
            rowCount: rows.count)
    }
}

/// Where the values of one feature of the service are.
private struct FeatureColumn: Sendable {
    let type: DataType
    let parts: [Column]
    let addresses: FixedValues<RowAddress>
    let firstQuery: Int

    init?(_ feature: ServiceFeature, spineRows: Int, uses: [ViewUse], results: [ViewResult]) {
        guard let use = uses.firstIndex(where: { $0.lookups.contains(feature.lookup) }),
            let role = uses[use].lookups.firstIndex(of: feature.lookup),
            let column = uses[use].wanted.firstIndex(of: feature.feature)
        else { return nil }
        type = feature.type
        parts = results[use].partitions.map { $0[column] }
        addresses = results[use].addresses
        firstQuery = role * spineRows
    }

    func values(of rows: Range<Int>) -> Column {
        var wanted = FixedValuesBuilder<RowAddress>(capacity: rows.count)
        for row in rows { wanted.append(addresses[firstQuery + row]) }
        return Column(type: type, parts: parts, at: wanted.finish())
    }
}

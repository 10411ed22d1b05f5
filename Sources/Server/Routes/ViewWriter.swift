import Columns
import Expressions
import JSONParsing
import Planning
import States
import Stores
import Values

/// Makes states of the rows of requests that write to one view.
///
/// Admission is that of every mode; a row that is not admitted, or of no entity, is an error of the
/// whole request: who writes should know.
struct ViewWriter: Sendable {
    /// The columns of Feast's contract beside keys and features.
    private static let eventTime = "event_timestamp"
    private static let knownAt = "created"

    let view: ViewPlan
    /// All columns of the view's source, whether the view needs them or not.
    private let sourceColumns: [String]
    private let layout: StateLayout

    init(_ view: ViewPlan, sourceColumns: [String]) {
        self.view = view
        self.sourceColumns = sourceColumns
        layout = StateLayout(view)
    }

    /// The states of rows that have the view's keys and features by their names.
    func writes(ofFeatures request: WriteRequest) throws(ServiceError) -> EntityWrites {
        try checkIsWritable()
        let times = [
            Field(name: Self.eventTime, type: .timestamp),
            Field(name: Self.knownAt, type: .timestamp),
        ]
        let keys = view.keys.map { Field(name: $0.name, type: $0.type) }
        let features = zip(view.features.names, view.features.types).map(Field.init)
        let fields = keys + features + times
        try request.checkColumns(among: fields.map(\.name))
        let batch = try request.batch(of: fields, optional: [Self.knownAt])
        let rows = Rows(
            keys: keys.compactMap { batch[$0.name] },
            eventTimes: batch[Self.eventTime], knownTimes: batch[Self.knownAt],
            inputs: features.compactMap { batch[$0.name] }, passes: nil)
        return try writes(of: rows, count: request.rowCount, now: request.now)
    }

    /// The states of rows that have all columns of the view's source.
    func writes(ofRows request: WriteRequest) throws(ServiceError) -> EntityWrites {
        try checkIsWritable()
        let source = view.source
        try request.checkColumns(among: sourceColumns)
        var batch = try request.batch(of: source.schema.fields, optional: [])
        var faults = FaultCounts()
        for column in source.computed {
            let values = column.expression.evaluate(batch, faults: &faults)
            batch = batch.appending(values, named: column.name)
        }
        let passes = view.filter.map { $0.evaluate(batch, faults: &faults) }
        let rows = Rows(
            keys: view.keys.compactMap { batch[$0.sourceColumn] },
            eventTimes: batch[source.eventTime], knownTimes: source.knownAt.flatMap { batch[$0] },
            inputs: layout.inputs.map { $0.evaluate(batch, faults: &faults) }, passes: passes)
        return try writes(of: rows, count: request.rowCount, now: request.now)
    }

    /// Makes one state of two.
    func merge(_ there: [UInt8], _ new: [UInt8]) throws(StoreError) -> [UInt8] {
        do throws(StateError) {
            return try layout.merged(there, new)
        } catch {
            throw StoreError(
                .corrupt, error.message, hint: "materialize the view '\(view.name)' again")
        }
    }

    /// Refuses views that rows cannot be written to one by one.
    func checkIsWritable() throws(ServiceError) {
        if let refusal = view.refusalOfWrites { throw ServiceError(.badRequest, refusal) }
    }

    /// What the rows of a request amount to.
    private struct Rows {
        let keys: [Column]
        let eventTimes: Column?
        let knownTimes: Column?
        let inputs: [Column]
        let passes: Column?
    }

    private func writes(
        of rows: Rows, count: Int, now: EventTime
    ) throws(ServiceError) -> EntityWrites {
        let reader = EntityKeyReader(columns: rows.keys)
        var states: [[UInt8]: ViewState] = [:]
        var key = EntityKey()
        for row in 0..<count {
            guard reader.read(row, into: &key) else {
                throw ServiceError(
                    .badRequest, "row \(row) has a null in its key: it belongs to no entity")
            }
            guard case .timestamp(let eventTime)? = rows.eventTimes?.scalar(at: row) else {
                throw ServiceError(.badRequest, "row \(row) has no event time")
            }
            let knownAt = try knownTime(of: row, in: rows.knownTimes, now: now)
            try admit(row, eventTime: eventTime, knownAt: knownAt)
            if let passes = rows.passes, passes.scalar(at: row) != .bool(true) { continue }
            states[key.bytes, default: ViewState(layout)].fold(
                eventTime: eventTime, knownAt: knownAt,
                values: rows.inputs.map { $0.scalar(at: row) })
        }
        return EntityWrites(
            view: view.name, layout: layout.identity,
            states: states.map { ($0.key, $0.value.encoded) })
    }

    /// The declared time, else this moment.
    private func knownTime(
        of row: Int, in column: Column?, now: EventTime
    ) throws(ServiceError) -> EventTime {
        guard let column else { return now }
        if case .timestamp(let time) = column.scalar(at: row) { return time }
        guard view.source.knownAt == nil else {
            throw ServiceError(.badRequest, "row \(row) has no '\(view.source.knownAt ?? "")'")
        }
        return now
    }

    private func admit(
        _ row: Int, eventTime: EventTime, knownAt: EventTime
    ) throws(ServiceError) {
        let delay = knownAt.since(eventTime)
        if let lateness = view.admission.lateness, delay > lateness {
            throw ServiceError(
                .badRequest,
                "row \(row) happened at \(eventTime), more than \(lateness) before it became "
                    + "known: the view '\(view.name)' does not admit it")
        }
        let maxAhead = view.admission.maxAhead
        if delay.microseconds < -maxAhead.microseconds {
            throw ServiceError(
                .badRequest,
                "row \(row) happens at \(eventTime), more than \(maxAhead) after it became known "
                    + "(\(knownAt)): the view '\(view.name)' does not admit it; check the clocks")
        }
    }
}

extension WriteRequest {
    /// Refuses columns whose names are not `names`.
    fileprivate func checkColumns(among names: [String]) throws(ServiceError) {
        for column in columns where !names.contains(column.name) {
            let guess = nearestName(to: column.name, among: names)
            throw ServiceError(
                .badRequest,
                "there is no column '\(column.name)'" + (guess.map { "; is it '\($0)'?" } ?? "")
                    + " The columns are \(names.joined(separator: ", "))")
        }
    }

    /// The columns `fields`.
    ///
    /// - Parameters:
    ///   - fields: what the rows have.
    ///   - optional: the names of those that may be missing.
    /// - Returns: the columns that are there.
    /// - Throws: `badRequest` for missing columns and for values of other types.
    fileprivate func batch(
        of fields: [Field], optional: Set<String>
    ) throws(ServiceError) -> ColumnBatch {
        var present: [Field] = []
        var values: [Column] = []
        for field in fields {
            guard let column = columns.first(where: { $0.name == field.name }) else {
                if optional.contains(field.name) { continue }
                throw ServiceError(
                    .badRequest,
                    "the column '\(field.name)' is missing from 'df': "
                        + "\(fields.map(\.name).joined(separator: ", ")) are needed")
            }
            present.append(field)
            values.append(try column.column(of: field.type, zone: .utc))
        }
        return ColumnBatch(schema: Schema(present), columns: values, rowCount: rowCount)
    }
}

extension EntityValues {
    /// The values as a column of `type`.
    ///
    /// - Parameters:
    ///   - type: what they must be.
    ///   - zone: whose clock a timestamp without a zone was read from; nil refuses it.
    /// - Returns: one value per value.
    /// - Throws: `badRequest`, naming the first value that is none.
    func column(
        of type: DataType, zone: ZoneTable? = nil
    ) throws(ServiceError) -> Column {
        var column = ColumnAppender(type: type, capacity: values.count)
        for value in values {
            guard let scalar = Scalar(value, type: type, zone: zone) else {
                throw ServiceError(
                    .badRequest,
                    "'\(name)' is \(type); \(value.words) in row \(column.count) is none")
            }
            column.append(scalar)
        }
        return column.finish()
    }
}

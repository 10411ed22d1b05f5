import Columns
import Planning
import PointInTime
import Stores
import Values

/// One entity that is to be forgotten: its key, and how to find its rows.
struct ForgottenEntity: Sendable {
    let plan: EntityPlan
    let key: EntityKey
    /// The value of the key, when it is a single one.
    let singleValue: Scalar?
    private let searched: ForgottenWords

    /// Reads the keys of an entity in words, `name=value` each.
    ///
    /// - Throws: `usage` for words that are not its keys, all of them.
    init(_ plan: EntityPlan, words: [String]) throws(JobError) {
        let values = try NamedValues.parse(words, as: plan.keys, of: "key of '\(plan.name)'")
        try NamedValues.require(plan.keys, in: values)
        var key = EntityKey()
        for field in plan.keys { _ = key.append(values[field.name] ?? .null) }
        self.plan = plan
        self.key = key
        searched = ForgottenWords(plan.keys.map { values[$0.name] ?? .null })
        singleValue = plan.keys.count == 1 ? values[plan.keys[0].name] : nil
    }

    /// The columns of `source` that hold the entity's keys, in the keys' order: once for each way
    /// in which a view reads the entity from it.
    func keyColumns(of source: SourcePlan, in project: ProjectPlan) -> [[String]] {
        var alternatives: [[String]] = []
        for view in project.views where view.entity == plan.name && view.source.name == source.name
        {
            let columns = view.keys.map(\.sourceColumn)
            if !alternatives.contains(columns) { alternatives.append(columns) }
        }
        return alternatives
    }

    /// The rows of `source` that have the entity's key in one of several groups of columns, and the
    /// records of its stream that may be of the entity.
    func selection(_ alternatives: [[String]], of source: SourcePlan) -> RowSelection {
        let columns = SourceColumns(alternatives.flatMap { $0 }, of: source)
        let (key, searched) = (key, searched)
        return RowSelection(
            schema: columns.schema,
            select: { key.rows(of: columns.computing($0), in: alternatives) },
            mayMean: searched.mayBe)
    }

    /// The rows of a file that have the entity's key in one of several groups of columns.
    func selection(_ alternatives: [[String]]) -> RowSelection {
        var fields: [Field] = []
        for (name, type) in alternatives.flatMap({ zip($0, plan.keys.map(\.type)) })
        where !fields.contains(where: { $0.name == name }) {
            fields.append(Field(name: name, type: type))
        }
        let key = key
        return RowSelection(schema: Schema(fields)) { batch in key.rows(of: batch, in: alternatives)
        }
    }
}

extension EntityKey {
    /// The rows of `batch` that have this key in one of several groups of columns, ascending.
    fileprivate func rows(of batch: ColumnBatch, in alternatives: [[String]]) -> [Int32] {
        let readers = alternatives.map { names in
            EntityKeyReader(columns: names.compactMap { batch[$0] })
        }
        var key = EntityKey()
        var rows: [Int32] = []
        for row in 0..<batch.rowCount {
            let isMeant = readers.contains { $0.read(row, into: &key) && key == self }
            if isMeant { rows.append(Int32(row)) }
        }
        return rows
    }
}

extension RowSelection {
    /// How many rows it means, chunk by chunk.
    func counts(in rows: some BatchRows) throws -> [Int] {
        try (0..<rows.chunkCount).map { chunk in
            try select(rows.read(chunk: chunk, schema: schema)).count
        }
    }
}

import Columns
import Parquet
import Planning
import Postgres
import PostgresLog
import Stores
import Values
import Workers

// Reading a table or a query of PostgreSQL.
//
// Idea. All rows are copied once, from one snapshot, to Parquet files beside the project that lose
// their names at once. So the server is asked once and for a short time, whatever reads the rows
// again sees the same ones, and everything that works on files works on tables. While they pass, the
// rows are added up to a digest that does not depend on their order: it says whether the table is as
// it was, however it is stored.
// Cost. One pass over the rows in the server, a compressed copy on this machine's disk.

/// The copy of a source's rows from a PostgreSQL database.
struct PostgresCopy {
    /// How many pages of a table one COPY takes: 16 MiB, some ten thousands of rows.
    private static let usualPages = 2048
    private static let batchRows = 1 << 16
    private static let batchBytes = 32 << 20

    private let source: SourcePlan
    private let plan: PostgresRowsPlan
    private let address: String
    private let zone: ZoneTable
    private let pages: Int

    /// Prepares the copy of what `plan` says from the database at `address`, so many pages at a
    /// time.
    init(
        _ source: SourcePlan, _ plan: PostgresRowsPlan, address: String,
        pages: Int = usualPages
    ) throws(JobError) {
        self.pages = pages
        self.source = source
        self.plan = plan
        self.address = address
        zone = try source.zone.map { name throws(JobError) in try .named(name) } ?? .utc
    }

    private var subject: String { "source '\(source.name)'" }

    /// Copies the declared columns of all rows.
    ///
    /// - Parameters:
    ///   - folder: the project folder, below which the files stand for a moment.
    ///   - workers: how many connections copy beside each other, at most.
    /// - Returns: the rows of the copy.
    /// - Throws: `usage` for columns that do not fit; what the server and the disk refuse.
    func rows(below folder: String, workers: Int) throws -> ParquetRows {
        let snapshot = try storeErrors { () throws(PostgresError) in try PGSnapshot(address) }
        let columns = try checkedColumns(snapshot)
        let queries = try queries(columns, snapshot)
        let stage = try StagedFolder(target: Path.join(folder, ".roost/spool"))
        // Its files lose their names only after they were opened.
        defer { withExtendedLifetime(stage) {} }
        let path = stage.path
        let count = max(1, min(workers, queries.count))
        let digests = try concurrentMap(count: count, workers: count) { worker in
            let writer = try writer(in: path, worker, columns)
            var digest = RowDigest()
            // Parts that follow each other, so that the order of the rows is the table's.
            let (start, end) = (worker * queries.count, (worker + 1) * queries.count)
            for query in queries[start / count..<end / count] {
                try copy(query, columns, snapshot) { batch in
                    digest.add(batch)
                    try writer.write(batch)
                }
            }
            try writer.close()
            return digest
        }
        let all = digests.reduce(into: RowDigest()) { $0.merge($1) }
        return try ParquetRows(
            path: path, subject: subject,
            origin: .object([
                "postgres": .string("\(plan)"), "rows": .count(all.count),
                "content": .string(all.text),
            ]))
    }

    private func writer(
        in folder: String, _ worker: Int, _ columns: [PGColumn]
    ) throws(ParquetError) -> ParquetWriter {
        try ParquetWriter(
            path: Path.join(folder, "\(worker).parquet"), schema: schema(columns),
            options: ParquetWriterOptions(compression: .lz4, rowGroupRows: Self.batchRows))
    }

    private func copy(
        _ query: String, _ columns: [PGColumn], _ snapshot: PGSnapshot,
        _ take: (ColumnBatch) throws -> Void
    ) throws {
        var failure: (any Error)?
        do throws(PostgresError) {
            try snapshot.withConnection { connection throws(PostgresError) in
                try connection.copyOut(
                    query, schema: schema(columns), batchRows: Self.batchRows,
                    batchBytes: Self.batchBytes
                ) { batch throws(PostgresError) in
                    do {
                        try take(instants(batch, columns))
                    } catch {
                        failure = error
                        throw PostgresError(.refused, "the copy was given up")
                    }
                }
            }
        } catch {
            throw failure ?? explained(error)
        }
    }

    /// Times that a clock in the source's zone showed become instants.
    private func instants(_ batch: ColumnBatch, _ columns: [PGColumn]) -> ColumnBatch {
        guard zone != .utc else { return batch }
        let converted = zip(columns, batch.columns).map { column, values in
            column.type.isWithoutZone ? values.asInstants(in: zone) : values
        }
        return ColumnBatch(schema: batch.schema, columns: converted, rowCount: batch.rowCount)
    }

    private func explained(_ error: PostgresError) -> any Error {
        let subject = "\(subject): \(plan): "
        switch error.sqlState {
        case "25006":
            return JobError(
                .usage, subject + error.message, hint: "a source is read, it may change nothing")
        case let state? where state.hasPrefix("22"):
            return JobError(
                .dataQuality, subject + error.message, hint: "mend the query or the rows")
        default: break
        }
        if error.code == .value {
            return JobError(.dataQuality, subject + error.message, hint: error.hint)
        }
        return StoreError(error)
    }
}

extension PostgresCopy {
    /// The columns of the copy with the types that hold them exactly.
    private func schema(_ columns: [PGColumn]) -> Schema {
        Schema(columns.map { Field(name: $0.name, type: $0.type.dataType ?? .null) })
    }

    private var origin: String {
        switch plan.rows {
        case .table(let name): Self.quoted(name)
        // The end of the line ends a comment at the query's end.
        case .query(let text): "(\(text)\n) AS source"
        }
    }

    /// `sales.orders` with each part quoted.
    private static func quoted(_ table: String) -> String {
        table.split(separator: ".", maxSplits: 1).map { String($0).quotedIdentifier }
            .joined(separator: ".")
    }

    /// The declared columns as the server has them.
    private func checkedColumns(_ snapshot: PGSnapshot) throws -> [PGColumn] {
        let found: [PGColumn]
        do throws(PostgresError) {
            found = try snapshot.withConnection { connection throws(PostgresError) in
                try connection.columns(of: "SELECT * FROM \(origin)")
            }
        } catch {
            guard error.code == .schema else { throw StoreError(error) }
            let isTable = if case .table = plan.rows { true } else { false }
            throw JobError(
                .usage, "\(subject): \(plan): \(error.message)",
                hint: isTable
                    ? "write the table with its schema, as in sales.orders; capitals count"
                    : "write one SELECT without a semicolon")
        }
        return try source.schema.fields.map { field throws(JobError) in
            try checked(field, found)
        }
    }

    private func checked(_ field: Field, _ found: [PGColumn]) throws(JobError) -> PGColumn {
        let same = found.filter { $0.name == field.name }
        guard let column = same.first, same.count == 1 else {
            let names = found.map(\.name)
            let guess = nearestName(to: field.name, among: names)
            throw JobError(
                .usage,
                "\(subject): \(plan) has \(same.isEmpty ? "no column" : "several columns") "
                    + "'\(field.name)'",
                hint: guess.map { "the nearest name is '\($0)'" }
                    ?? "it has \(names.map { "'\($0)'" }.joined(separator: ", "))")
        }
        if let stored = column.type.dataType, stored.isReadable(as: field.type) { return column }
        let needed = field.type.postgresName ?? "\(field.type)"
        let other = column.type.dataType.map { "declare it as \($0), or " } ?? ""
        throw JobError(
            .usage,
            "\(subject): column '\(field.name)' of \(plan) is \(column.typeName), \(field.type) "
                + "is needed",
            hint: other + "read it by a query that says "
                + "\(field.name.quotedIdentifier)::\(needed)")
    }

    /// One query for each part of the rows.
    private func queries(_ columns: [PGColumn], _ snapshot: PGSnapshot) throws -> [String] {
        let list = columns.map { $0.name.quotedIdentifier + $0.type.cast }.joined(separator: ", ")
        var parts = [origin]
        if case .table = plan.rows {
            parts = try storeErrors { () throws(PostgresError) in
                try snapshot.withConnection { connection throws(PostgresError) in
                    try connection.parts(of: origin, pages: pages) ?? [origin]
                }
            }
        }
        return parts.map { "SELECT \(list) FROM \($0)" }
    }
}

import CPQ

/// A column that a query gives.
public struct PGColumn: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its type.
    public let type: PGType
    /// The type as SQL writes it.
    public let typeName: String
}

extension PGConnection {
    /// The columns that `query` would give; it is not run.
    ///
    /// - Throws: `schema` when it is no single query or names what is not there.
    public func columns(of query: String) throws(PostgresError) -> [PGColumn] {
        _ = try unsafe checked(PQprepare(pointer, "", query, 0, nil), query)
        let result = try unsafe checked(PQdescribePrepared(pointer, ""), query)
        let (names, types) = (result.names, result.types)
        var columns: [PGColumn] = []
        for (name, type) in zip(names, types) {
            let written = try run(
                "SELECT format_type($1::oid, $2::int)", ["\(type.identifier)", "\(type.modifier)"])
            columns.append(PGColumn(name: name, type: type, typeName: written[0][0] ?? "unknown"))
        }
        return columns
    }

    /// The rows of a table as parts that can be read beside each other: conditions for `FROM`.
    ///
    /// A part is a range of pages of the table or of one of its partitions. What has no pages of its
    /// own or must not be read past its policies, such as a view, is one part.
    ///
    /// - Parameters:
    ///   - table: the name in SQL.
    ///   - pages: how many pages, of usually 8 KiB, a part has.
    /// - Throws: what the server refuses.
    /// - Returns: what stands behind `FROM`, for each part; nil when there is no such table.
    public func parts(of table: String, pages: Int) throws(PostgresError) -> [String]? {
        let found = try run(
            """
            SELECT relkind = 'p', relkind IN ('r', 'm') AND NOT relhassubclass,
                row_security_active(oid)
            FROM pg_class WHERE oid = to_regclass($1)
            """, [table])
        guard let row = found.first else { return nil }
        // Older servers read all pages to find those of a range.
        let version = try run("SHOW server_version_num").first?.first?.flatMap { Int($0) } ?? 0
        guard version >= 140_000, row[2] == "f" else { return [table] }
        if row[1] == "t" { return try ranges(of: [table], pages: pages) }
        guard row[0] == "t" else { return [table] }
        let leaves = try run(
            """
            SELECT relid::regclass::text, relkind = 'r' AND NOT row_security_active(oid)
                AND has_table_privilege(oid, 'SELECT')
            FROM pg_partition_tree($1::regclass) JOIN pg_class ON oid = relid WHERE isleaf
            """, [table])
        guard leaves.allSatisfy({ $0[1] == "t" }) else { return [table] }
        return try ranges(of: leaves.compactMap { $0[0] }, pages: pages)
    }

    private func ranges(of tables: [String], pages: Int) throws(PostgresError) -> [String] {
        var parts: [String] = []
        for table in tables {
            let size = try run(
                """
                SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint
                """, [table])
            let count = size.first?.first?.flatMap { Int($0) } ?? 0
            for start in stride(from: 0, to: max(count, 1), by: pages) {
                let end = start + pages
                // The last part has no end: the table may have grown.
                let limit = end < count ? " AND ctid < '(\(end),0)'" : ""
                parts.append("\(table) WHERE ctid >= '(\(start),0)'\(limit)")
            }
        }
        return parts
    }
}

import CPQ
public import Columns
public import Values

extension PGConnection {
    /// Sends rows with `COPY table (columns) FROM STDIN`.
    ///
    /// - Parameters:
    ///   - table: the table's name, quoted as SQL wants it.
    ///   - columns: the names of the columns.
    ///   - fill: is called again and again; appends rows and returns whether more follow. What it
    ///     appended is sent each time, so memory is bounded by one call's rows.
    /// - Returns: how many rows the server took.
    /// - Throws: what `fill` throws, after the server was told to forget everything; the server's
    ///   refusal.
    @discardableResult
    public func copyIn(
        _ table: String, columns: [String],
        _ fill: (inout CopyBinaryEncoder) throws(PostgresError) -> Bool
    ) throws(PostgresError) -> Int {
        let list = columns.map(\.quotedIdentifier).joined(separator: ", ")
        try begin("COPY \(table) (\(list)) FROM STDIN (FORMAT binary)", PGRES_COPY_IN)
        do throws(PostgresError) {
            var encoder = CopyBinaryEncoder()
            var hasMore = true
            while hasMore {
                hasMore = try fill(&encoder)
                if !hasMore { encoder.finish() }
                try send(encoder.bytes)
                encoder.removeAll()
            }
        } catch {
            _ = try? end("the sender gave up")
            throw error
        }
        return try end(nil)
    }

    /// Reads the rows of a query with `COPY (query) TO STDOUT`.
    ///
    /// - Parameters:
    ///   - query: the query; its columns must be those of `schema`, in their order and types.
    ///   - schema: the names and types that the columns get.
    ///   - batchRows: how many rows a batch has at most.
    ///   - batchBytes: how many bytes of rows make a batch that has fewer rows.
    ///   - take: is given the rows batch by batch.
    /// - Throws: what `take` throws, the server's refusal, `protocolViolation` for other columns.
    public func copyOut(
        _ query: String, schema: Schema, batchRows: Int = 16_384,
        batchBytes: Int = .max, _ take: (ColumnBatch) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try begin("COPY (\(query)) TO STDOUT (FORMAT binary)", PGRES_COPY_OUT)
        var decoder = CopyBinaryDecoder(schema)
        do throws(PostgresError) {
            while try receive(into: &decoder) {
                if decoder.rowCount == batchRows || decoder.byteCount >= batchBytes {
                    try take(decoder.takeBatch())
                }
            }
            if decoder.rowCount > 0 { try take(decoder.takeBatch()) }
        } catch {
            // The rest must be read before the connection can do anything else.
            var rest = CopyBinaryDecoder(Schema([]))
            while (try? receive(into: &rest, ignoring: true)) == true {}
            _ = try? drain()
            throw error
        }
        _ = try drain()
    }

    private func begin(
        _ command: String, _ status: ExecStatusType
    ) throws(PostgresError) {
        let result = try unsafe checked(PQexec(pointer, command), command)
        guard result.status == status else {
            throw PostgresError(.protocolViolation, "PostgreSQL does not begin the COPY")
        }
    }

    private func send(_ bytes: [UInt8]) throws(PostgresError) {
        // libpq counts in 32 bits.
        for start in stride(from: 0, to: bytes.count, by: 1 << 24) {
            let part = bytes.span.extracting(start..<min(start + 1 << 24, bytes.count))
            let isSent = unsafe part.withUnsafeBytes { part in
                let text = unsafe part.baseAddress?.assumingMemoryBound(to: CChar.self)
                return unsafe PQputCopyData(pointer, text, Int32(part.count)) == 1
            }
            guard isSent else { throw connectionFailure }
        }
    }

    @discardableResult
    private func end(_ complaint: String?) throws(PostgresError) -> Int {
        guard unsafe PQputCopyEnd(pointer, complaint) == 1 else { throw connectionFailure }
        return try drain()
    }

    /// Reads results until there is none.
    ///
    /// - Returns: how many rows were copied.
    private func drain() throws(PostgresError) -> Int {
        var count = 0
        var failure: PostgresError?
        while let result = unsafe PQgetResult(pointer) {
            let owned = unsafe PGResult(result)
            failure = failure ?? owned.failure
            count += owned.changedCount
        }
        if let failure { throw failure }
        return count
    }

    /// Takes one message; false after the last one.
    private func receive(
        into decoder: inout CopyBinaryDecoder, ignoring: Bool = false
    ) throws(PostgresError) -> Bool {
        var message: UnsafeMutablePointer<CChar>?
        let length = unsafe PQgetCopyData(pointer, &message, 0)
        defer { unsafe PQfreemem(message) }
        if length == -1 { return false }
        guard length >= 0 else { throw connectionFailure }
        if !ignoring {
            try unsafe decoder.append(UnsafeRawBufferPointer(start: message, count: Int(length)))
        }
        return true
    }
}

extension String {
    /// The name as SQL takes it whatever is in it.
    public var quotedIdentifier: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}

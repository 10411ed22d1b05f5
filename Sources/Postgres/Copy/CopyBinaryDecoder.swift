public import Columns
public import Values

/// Turns the rows of `COPY ... TO STDOUT (FORMAT binary)` into columns.
public struct CopyBinaryDecoder {
    /// Names and types of the columns.
    public let schema: Schema
    /// How many rows stand in `appenders`.
    public private(set) var rowCount = 0
    /// How many bytes they came in.
    public private(set) var byteCount = 0
    private var appenders: [ColumnAppender]
    private var hasHeader = false

    /// Starts without rows.
    public init(_ schema: Schema) {
        self.schema = schema
        appenders = schema.fields.map { ColumnAppender(type: $0.type, capacity: 1024) }
    }

    /// Takes one message of the server: libpq gives each row as one, the header before the first.
    ///
    /// - Throws: `protocolViolation` for bytes that are no row of these columns, `value` for
    ///   values that their types cannot hold.
    public mutating func append(_ message: UnsafeRawBufferPointer) throws(PostgresError) {
        var reader = unsafe CellReader(message)
        if !hasHeader {
            try reader.skipHeader()
            hasHeader = true
            if reader.isAtEnd { return }
        }
        let count = try reader.next(Int16.self)
        if count == -1 { return }
        guard Int(count) == appenders.count else {
            throw PostgresError(
                .protocolViolation,
                "PostgreSQL sent a row of \(count) fields where \(appenders.count) were expected")
        }
        for index in appenders.indices {
            do throws(PostgresError) {
                try reader.nextCell(into: &appenders[index])
            } catch {
                throw error.inColumn(schema.fields[index].name)
            }
        }
        guard reader.isAtEnd else { throw CellReader.broken }
        rowCount += 1
        byteCount += message.count
    }

    /// The rows so far as columns; they are forgotten here.
    public mutating func takeBatch() -> ColumnBatch {
        let columns = appenders.map { $0.finish() }
        defer {
            rowCount = 0
            byteCount = 0
            appenders = schema.fields.map { ColumnAppender(type: $0.type, capacity: 1024) }
        }
        return ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
    }
}

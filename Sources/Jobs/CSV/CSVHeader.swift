import Values

/// How the columns of a CSV file map to the fields of a schema.
struct CSVHeader: Hashable, Sendable {
    /// For every column of the file its place in the schema; nil for columns that are not declared.
    let slots: [Int?]

    /// Maps the names in `record`, the first of the file at `path`, to `schema`.
    ///
    /// - Throws: `usage` when a declared column is missing or stands twice.
    init(_ record: CSVBlock, schema: Schema, path: String) throws(JobError) {
        let names = Self.names(in: record)
        slots = names.map { schema.index(of: $0) }
        for field in schema.fields {
            let count = names.count { $0 == field.name }
            if count == 1 { continue }
            let place = "\(path):\(record.firstLine)"
            if count > 1 {
                throw JobError(
                    .usage, "\(place): the header names column '\(field.name)' \(count) times",
                    hint: "rename all but one of them")
            }
            let guess = nearestName(to: field.name, among: names)
            throw JobError(
                .usage, "\(place): the header lacks the declared column '\(field.name)'",
                hint: guess.map { "the nearest name in the file is '\($0)'" }
                    ?? "the file has \(Self.listed(names))")
        }
    }

    /// The first names, each shortened: a file that is no CSV has a header of any size.
    private static func listed(_ names: [String]) -> String {
        let first = names.prefix(20).map { name in
            "'\(name.count <= 40 ? name : name.prefix(40) + "...")'"
        }
        let more = names.count > 20 ? " and \(names.count - 20) more columns" : ""
        return first.joined(separator: ", ") + more
    }

    private static func names(in record: CSVBlock) -> [String] {
        let bytes = record.bytes.span
        return CSVRecords.firstRecord(of: bytes).map { name($0, in: bytes) }
    }

    private static func name(_ field: CSVField, in bytes: Span<UInt8>) -> String {
        let text = bytes.extracting(field.range)
        return field.hasEscapes ? String(decoding: unescaped(text), as: UTF8.self) : string(text)
    }
}

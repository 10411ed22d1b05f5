import Definitions
import Values

/// Checks the stream side of a source.
struct StreamCompiler {
    private let kafka: KafkaDefinition
    private let declared: [Field]
    private let all: [Field]

    /// Checks `kafka` of a source with `declared` columns, `all` with the computed ones.
    init(_ kafka: KafkaDefinition, declared: [Field], all: [Field]) {
        self.kafka = kafka
        self.declared = declared
        self.all = all
    }

    func check(reporting diagnostics: inout Diagnostics) {
        if kafka.format.value != "json" {
            diagnostics.report(
                kafka.format.diagnostic(
                    "the format `\(kafka.format.value)` is not in this release",
                    hint: "write `format: json`"))
        }
        let columns = all.map(\.name)
        for column in kafka.keyedBy where !columns.contains(column.value) {
            diagnostics.report(
                column.diagnostic(
                    "`keyed_by` names the unknown column `\(column.value)`",
                    hint: remedy(for: column.value, among: columns)))
        }
        reportDuplicates(kafka.recordColumns.map(\.column), "record column", to: &diagnostics)
        for column in kafka.recordColumns {
            diagnostics.collect { () throws(Diagnostic) in try check(column) }
        }
    }

    private func check(_ column: RecordColumnDefinition) throws(Diagnostic) {
        let name = column.column.value
        guard let field = declared.first(where: { $0.name == name }) else {
            let isComputed = all.contains { $0.name == name }
            throw column.column.diagnostic(
                isComputed
                    ? "`record_columns` names the computed column `\(name)`"
                    : "`record_columns` names the unknown column `\(name)`",
                hint: isComputed
                    ? "only columns of the schema are in records"
                    : remedy(for: name, among: declared.map(\.name)))
        }
        switch column.part {
        case .timestamp:
            guard field.type == .timestamp else {
                throw column.column.diagnostic(
                    "the record's timestamp is a timestamp, but `\(name)` is "
                        + field.type.withArticle,
                    hint: "declare it as timestamp")
            }
        case .key, .header:
            guard field.type.element == nil else {
                throw column.column.diagnostic(
                    "`\(name)` is \(field.type.withArticle), which no key and no header is",
                    hint: "take it from the value, or declare it as bytes")
            }
            if column.part == .key { try checkKey(column.column) }
        }
    }

    private func checkKey(_ column: Name) throws(Diagnostic) {
        let keyedBy = kafka.keyedBy.map(\.value)
        guard keyedBy.isEmpty || keyedBy == [column.value] else {
            throw column.diagnostic(
                "the record's key is `\(column.value)` here, but "
                    + keyedBy.map { "`\($0)`" }.joined(separator: ", ") + " in `keyed_by`",
                hint: "write `keyed_by: [\(column.value)]`, or leave it out")
        }
    }
}

extension StreamPlan {
    /// The plan of a checked definition: a topic whose key is a column is keyed by it.
    init(_ kafka: KafkaDefinition) {
        let key = kafka.recordColumns.first { $0.part == .key }
        let keyedBy = kafka.keyedBy.isEmpty ? [key?.column].compactMap { $0 } : kafka.keyedBy
        self.init(
            topic: kafka.topic.value, format: kafka.format.value, keyedBy: keyedBy.map(\.value),
            recordColumns: kafka.recordColumns.map {
                RecordColumn(name: $0.column.value, part: $0.part)
            })
    }
}

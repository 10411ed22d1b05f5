import Columns
import DefinitionFiles
import Planning
import Records
import TestSupport
import Testing
import Values

/// Columns of one type each, named after their place.
func source(
    _ types: [DataType], knownAt: String? = nil, zone: String? = nil,
    computed: [ComputedColumn] = []
) -> SourcePlan {
    let fields = types.enumerated().map { Field(name: "c\($0.offset)", type: $0.element) }
    return SourcePlan(
        name: "events", schema: Schema(fields), computed: computed, eventTime: "c0",
        knownAt: knownAt, batch: nil, completeTo: nil, zone: zone)
}

/// A batch with a record for each value, offsets from 10 and a second between them.
func batch(_ values: [[UInt8]?]) -> RecordBatch {
    var batch = RecordBatch(partition: 2)
    for (index, value) in values.enumerated() {
        batch.append(
            offset: 10 + Int64(index), timestamp: Int64(index) * 1_000_000, key: nil,
            value: value?.span)
    }
    return batch
}

func batch(_ values: [String]) -> RecordBatch { batch(values.map { Array($0.utf8) }) }

/// What the one column `c0` of `type` holds for a member of that text.
func decoded(_ member: String, _ type: DataType, zone: String? = nil) -> StreamRows {
    var decoder = RecordDecoder(source: source([type], zone: zone))
    return decoder.decode(batch([#"{"c0":\#(member)}"#]))
}

/// The value of a member of that text as `type`; nil when the record is rejected.
func value(_ member: String, _ type: DataType, zone: String? = nil) -> Scalar? {
    let rows = decoded(member, type, zone: zone)
    return rows.offsets.isEmpty ? nil : rows.batch.columns[0].scalar(at: 0)
}

/// Why a member of that text is no value of `type`; nil when it is one.
func fault(_ member: String, _ type: DataType, zone: String? = nil) -> String? {
    decoded(member, type, zone: zone).rejected.first?.reason
}

/// The value as `judge_records.py` tells it.
func spelling(_ value: Scalar, _ type: DataType) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .double(let number) where type == .float:
        String(Float(number).bitPattern, radix: 16)
    case .double(let number): String(number.bitPattern, radix: 16)
    case .string(let text): "x" + hexadecimal(Array(text.utf8))
    case .bytes(let bytes): "x" + hexadecimal(bytes)
    case .timestamp(let time): "\(time.microseconds)"
    case .date(let days): "\(days)"
    case .duration(let duration): "\(duration.microseconds)"
    case .decimal(let number): "\(number.unscaled)"
    case .list(let items):
        "[" + items.map { spelling($0, type.element ?? .null) }.joined(separator: ",") + "]"
    }
}

/// A source as its YAML declares it.
func compiledSource(_ declaration: String) throws -> SourcePlan {
    let text = """
        project: shop
        sources:
          - name: events
            \(declaration.replacing("\n", with: "\n    "))
        """
    var loader = DefinitionLoader()
    do {
        let project = try loader.project(files: [("shop.yaml", Array(text.utf8))])
        return try #require(try ProjectPlan.compile(project).sources.first)
    } catch let error as Diagnostics {
        Issue.record("\(error.rendered(from: loader.files))")
        throw error
    }
}

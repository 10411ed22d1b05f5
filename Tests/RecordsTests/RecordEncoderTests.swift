import Columns
import Planning
import Records
import TestSupport
import Testing
import Values

@Suite("Rows as records")
struct RecordEncoderTests {
    @Test("come back as the same rows, for every type", arguments: [UInt64(1), 2, 3, 4, 5])
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let types =
            [.timestamp]
            + (DataType.columnTypes + DataType.sizedTypes).shuffled(
                using: &generator)
        let plan = source(types, knownAt: "c0")
        let rows = (0..<200).map { _ in types.map { writable(&generator, $0) } }
        let columns = types.indices.map { column in
            Column(type: types[column], rows.map { $0[column] })
        }
        let batch = ColumnBatch(schema: plan.schema, columns: columns, rowCount: rows.count)
        let encoder = RecordEncoder(source: plan)
        #expect(encoder.columnNames == plan.schema.fields.map(\.name))
        var records = RecordBatch(partition: 0)
        for row in rows.indices {
            let record = try encoder.record(of: row, in: batch)
            records.append(
                offset: Int64(row), timestamp: record.timestamp, key: nil,
                value: record.value.span)
        }
        var decoder = RecordDecoder(source: plan)
        let decoded = decoder.decode(records)
        #expect(decoded.rejected.isEmpty, "seed \(seed): \(decoded.rejected.first?.reason ?? "")")
        for (column, type) in types.enumerated() {
            let values = rows.map { canonical($0[column]) }
            #expect(decoded.batch.columns[column].holds(values), "seed \(seed): \(type)")
        }
    }

    @Test("have the key of the columns, the headers and the time that the source says")
    func besideTheValue() throws {
        let plan = try compiledSource(
            """
            event_time: at
            schema:
              customer: int64
              at: timestamp
              tenant: string
              raw: bytes
              amount: double
            stream:
              kafka:
                topic: orders
                format: json
                record_columns:
                  customer: key
                  at: timestamp
                  tenant: header tenant
                  raw: header r
            """)
        let record = try only(
            plan, [.integer(-7), time(1_500_999), .string("ä"), .bytes([0xFF]), .double(0.1)])
        #expect(record.key == Array("-7".utf8) && record.timestamp == 1500)
        #expect(String(decoding: record.value, as: UTF8.self) == #"{"amount":0.1}"#)
        #expect(record.headers.map(\.name) == ["tenant", "r"])
        #expect(record.headers.map(\.value) == [Array("ä".utf8), [0xFF]])
        var records = RecordBatch(partition: 0, headerNames: ["tenant", "r"])
        records.append(
            offset: 0, timestamp: record.timestamp.map { $0 * 1000 }, key: record.key?.span,
            value: record.value.span, headers: record.headers)
        var decoder = RecordDecoder(source: plan)
        let rows = decoder.decode(records).batch
        #expect(rows["customer"]?.scalars == [.integer(-7)])
        #expect(rows["at"]?.scalars == [time(1_500_000)])
        #expect(rows["tenant"]?.scalars == [.string("ä")])
        #expect(rows["raw"]?.scalars == [.bytes([0xFF])])
        let nulls = try only(plan, [.null, time(1_000_000), .null, .null, .null])
        #expect(nulls.key == nil && nulls.headers.isEmpty)
        #expect(nulls.value == Array("{}".utf8))
        #expect(throws: RecordError.self) {
            try only(plan, [.null, .null, .null, .null, .null])
        }
    }

    @Test("are keyed by one column's text, or by an array of several")
    func keys() throws {
        for (keyedBy, key) in [("[b]", "2.5"), ("[b, c]", #"[2.5,"2024-02-29"]"#)] {
            let record = try only(
                keyed(keyedBy), [time(5000), .double(2.5), .date(19782)])
            #expect(record.key == Array(key.utf8) && record.timestamp == 5)
        }
        let null = try only(keyed("[b, c]"), [time(5000), .null, .null])
        #expect(null.key == Array("[null,null]".utf8))
        #expect(try only(keyed("[b]"), [time(5000), .null, .null]).key == nil)
    }

    @Test("are refused when no record can hold them, by the column and the value")
    func refused() throws {
        let plan = try keyed("[b]")
        let cases: [([Scalar], String)] = [
            ([time(5000), .double(.nan), .null], "column 'b': JSON has no nan"),
            ([time(999), .null, .null], "column 'at': 1970-01-01T00:00:00.000999Z cannot be"),
            ([.null, .null, .null], "column 'at': null cannot be"),
            ([time(.max), .null, .null], "column 'at': no text names"),
            ([time(5000), .null, .date(.max)], "column 'c': no text names day 2147483647"),
        ]
        for (row, message) in cases {
            let error = #expect(throws: RecordError.self) { try only(plan, row) }
            #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        }
    }

    private func keyed(_ keyedBy: String) throws -> SourcePlan {
        try compiledSource(
            """
            event_time: at
            schema:
              at: timestamp
              b: double
              c: date
            stream:
              kafka: { topic: t, format: json, keyed_by: \(keyedBy) }
            """)
    }

    private func only(_ plan: SourcePlan, _ row: [Scalar]) throws -> OutgoingRecord {
        let columns = zip(plan.schema.fields, row).map { Column(type: $0.type, [$1]) }
        let batch = ColumnBatch(schema: plan.schema, columns: columns, rowCount: 1)
        return try RecordEncoder(source: plan).record(of: 0, in: batch)
    }

    private func time(_ microseconds: Int64) -> Scalar {
        .timestamp(EventTime(microseconds: microseconds))
    }

    /// A value that JSON can hold.
    private func writable(_ generator: inout SeededGenerator, _ type: DataType) -> Scalar {
        while true {
            let value = generator.scalars(1, of: type)[0]
            if isWritable(value) { return value }
        }
    }

    private func isWritable(_ value: Scalar) -> Bool {
        switch value {
        case .double(let number): number.isFinite
        case .timestamp(let time): time.microseconds.magnitude < 1 << 55
        case .date(let days): days.magnitude < 700_000
        case .list(let items): items.allSatisfy(isWritable)
        default: true
        }
    }

    private func canonical(_ value: Scalar) -> Scalar {
        switch value {
        case .double(let number): .double(number + 0)
        case .list(let items): .list(items.map(canonical))
        default: value
        }
    }
}

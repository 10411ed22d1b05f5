import Columns
import Planning
import Records
import TestSupport
import Testing
import Values

@Suite("Records as rows")
struct RecordDecoderTests {
    @Test("are the members with the names of columns, whatever else there is")
    func members() throws {
        var decoder = RecordDecoder(source: source([.int64, .string, .double]))
        let rows = decoder.decode(
            batch([
                #"{"c1":"a","c0":1,"c2":0.5}"#,
                #" {"other":{"c0":[{}]},"c2":2,"c\u0030":-1,"x":1,"x":2} "#,
                #"{}"#, #"{"c0":null,"C1":"b"}"#,
            ]))
        #expect(rows.rejected.isEmpty)
        #expect(rows.partition == 2 && rows.offsets == [10, 11, 12, 13] && rows.end == 14)
        #expect(rows.batch["c0"]?.scalars == [.integer(1), .integer(-1), .null, .null])
        #expect(rows.batch["c1"]?.scalars == [.string("a"), .null, .null, .null])
        #expect(rows.batch["c2"]?.scalars == [.double(0.5), .double(2), .null, .null])
    }

    @Test("are known at their timestamps where the source does not say when")
    func knownAt() throws {
        var decoder = RecordDecoder(source: source([.int64]))
        var records = batch([#"{"c0":1}"#, #"{"c0":"no"}"#, #"{"c0":3}"#])
        let late: [UInt8] = Array("{}".utf8)
        records.append(offset: 20, timestamp: nil, key: nil, value: late.span)
        let rows = decoder.decode(records)
        let times = [0, 2_000_000].map { Scalar.timestamp(EventTime(microseconds: $0)) }
        #expect(rows.batch.schema.fields.map(\.name) == ["c0", StreamRows.knownAt])
        #expect(rows.batch[StreamRows.knownAt]?.scalars == times)
        #expect(rows.offsets == [10, 12] && rows.end == 21)
        #expect(rows.rejected.map(\.offset) == [11, 20])
        #expect(rows.rejected[1].reason.contains("no timestamp"))

        var declared = RecordDecoder(source: source([.timestamp], knownAt: "c0"))
        let known = declared.decode(records)
        #expect(known.batch.schema.fields.map(\.name) == ["c0"])
        #expect(known.offsets == [10, 12, 20])
    }

    @Test("that are none are kept as they came, with the reason, and harm no other")
    func rejected() throws {
        var decoder = RecordDecoder(source: source([.int64, .int32, .string]))
        var records = RecordBatch(partition: 0)
        let (key, wrong): ([UInt8], [UInt8]) = ([1, 2], Array(#"{"c0":1,"c1":1.5}"#.utf8))
        let right: [UInt8] = Array(#"{"c0":7,"c1":8,"c2":"nine"}"#.utf8)
        records.append(offset: 1, timestamp: 5, key: nil, value: right.span)
        records.append(offset: 3, timestamp: 6, key: key.span, value: wrong.span)
        records.append(offset: 4, timestamp: 7, key: key.span, value: nil)
        records.append(offset: 9, timestamp: 8, key: nil, value: right.span)
        let rows = decoder.decode(records)
        #expect(rows.offsets == [1, 9] && rows.end == 10)
        #expect(rows.batch["c0"]?.scalars == [.integer(7), .integer(7)])
        #expect(rows.batch["c1"]?.scalars == [.integer(8), .integer(8)])
        #expect(rows.batch["c2"]?.scalars == [.string("nine"), .string("nine")])
        let first = try #require(rows.rejected.first)
        #expect(first.offset == 3 && first.timestamp == 6)
        #expect(first.key == key && first.value == wrong)
        #expect(first.reason.hasPrefix("column 'c1': 1.5 is no int32; a whole number from "))
        #expect(rows.rejected[1].value == nil)
        #expect(rows.rejected[1].reason.contains("cannot delete rows"))
    }

    @Test(
        "are none when they are no object",
        arguments: [
            ("", "the text is empty"), (" ", "no JSON"), ("[]", "a list of 0;"),
            ("[[]]", "a list of lists"), ("1", "is 1;"), ("null", "is null;"),
            ("{", "no JSON"), ("{}}", "no JSON"), ("{}{}", "no JSON"), (#"{"c0":NaN}"#, "no JSON"),
            (#"{'c0':1}"#, "no JSON"), (#"{"c0":1,}"#, "no JSON"), (#"{"c0":01}"#, "no JSON"),
            (#"{"c0":1} x"#, "no JSON"), (#"{"c0":"\ud800"}"#, "no JSON"),
            (#"{"c0":1,"c0":1}"#, "column 'c0': the member stands twice"),
        ])
    func noObject(value: String, reason: String) {
        var decoder = RecordDecoder(source: source([.int64]))
        let rows = decoder.decode(batch([#"{"c0":5}"#, value, #"{"c0":6}"#]))
        #expect(rows.offsets == [10, 12])
        #expect(rows.batch["c0"]?.scalars == [.integer(5), .integer(6)])
        #expect(rows.rejected.first?.reason.contains(reason) == true, "\(rows.rejected)")
    }

    @Test("have the source's computed columns, of the rows that are left")
    func computed() throws {
        let plan = try compiledSource(
            """
            event_time: at
            schema:
              amount: double
              at: timestamp
            columns:
              cents: amount * 100
              twice: cents * 2
            """)
        var decoder = RecordDecoder(source: plan)
        let rows = decoder.decode(
            batch([#"{"amount":1.5}"#, #"{"amount":"x"}"#, "{}", #"{"amount":-0.0}"#]))
        #expect(
            rows.batch.schema.fields.map(\.name)
                == ["amount", "at", "cents", "twice", StreamRows.knownAt])
        #expect(rows.batch["cents"]?.holds([.double(150), .null, .double(0)]) == true)
        #expect(rows.batch["twice"]?.holds([.double(300), .null, .double(0)]) == true)
    }

    @Test("have columns of the record's key, timestamp and headers, which no member is for")
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
                  raw: header tenant
            """)
        #expect(plan.stream?.keyedBy == ["customer"])
        var decoder = RecordDecoder(source: plan)
        #expect(decoder.headerNames == ["tenant"])
        var records = RecordBatch(partition: 0, headerNames: decoder.headerNames)
        let value: [UInt8] = Array(#"{"amount":2,"customer":"no","tenant":7}"#.utf8)
        let (key, wrong): ([UInt8], [UInt8]) = (Array("-17".utf8), Array("1.5".utf8))
        records.append(
            offset: 0, timestamp: 9, key: key.span, value: value.span,
            headers: [("tenant", [0x61]), ("tenant", [0x62])])
        records.append(offset: 1, timestamp: 9, key: wrong.span, value: value.span)
        records.append(offset: 2, timestamp: nil, key: nil, value: value.span)
        records.append(
            offset: 3, timestamp: 10, key: nil, value: value.span, headers: [("tenant", [0xFF])])
        records.append(offset: 4, timestamp: 11, key: nil, value: value.span)
        let rows = decoder.decode(records)
        #expect(rows.offsets == [0, 4])
        #expect(rows.batch["customer"]?.scalars == [.integer(-17), .null])
        #expect(rows.batch["tenant"]?.scalars == [.string("b"), .null])
        #expect(rows.batch["raw"]?.scalars == [.bytes([0x62]), .null])
        #expect(rows.batch["amount"]?.scalars == [.double(2), .double(2)])
        let times = [9, 11].map { Scalar.timestamp(EventTime(microseconds: $0)) }
        #expect(rows.batch["at"]?.scalars == times)
        #expect(rows.rejected.map(\.offset) == [1, 2, 3])
        #expect(rows.rejected[0].reason.hasPrefix("column 'customer': the key '1.5' is no int64"))
        #expect(rows.rejected[2].reason.contains("the header tenant is no UTF-8 text"))
    }

    @Test("take keys of every single type from its text")
    func keys() throws {
        let cases: [(String, String, Scalar)] = [
            ("bool", "true", .bool(true)), ("int32", "-2147483648", .integer(-2_147_483_648)),
            ("double", "1e3", .double(1000)), ("float", "-0", .double(0)),
            ("string", "", .string("")), ("bytes", "\0", .bytes([0])),
            ("date", "1970-01-02", .date(1)),
            ("timestamp", "1", .timestamp(EventTime(microseconds: 1_000_000))),
            ("decimal(4,1)", "12.5", .decimal(Decimal128(unscaled: 125, scale: 1))),
        ]
        for (type, text, expected) in cases {
            let value = try keyed(Array(text.utf8), type)
            #expect(value?.isIdentical(to: expected) == true, "\(type)")
        }
        let wrong = [
            ("bool", "1"), ("int32", "2147483648"), ("int64", "1 "), ("double", "nan"),
            ("double", "0x1p3"), ("double", "1e999"), ("date", "1"), ("decimal(4,1)", "12.55"),
            ("timestamp", "noon"), ("string", "\u{FF}"),
        ]
        for (type, text) in wrong {
            let bytes = text == "\u{FF}" ? [0xFF] : Array(text.utf8)
            #expect(try keyed(bytes, type) == nil, "\(type) \(text)")
        }
    }

    private func keyed(_ key: [UInt8], _ type: String) throws -> Scalar? {
        let plan = try compiledSource(
            """
            event_time: at
            schema:
              k: \(type)
              at: timestamp
            stream:
              kafka: { topic: t, format: json, record_columns: { k: key } }
            """)
        var records = RecordBatch(partition: 0)
        let value: [UInt8] = Array("{}".utf8)
        records.append(offset: 0, timestamp: 0, key: key.span, value: value.span)
        var decoder = RecordDecoder(source: plan)
        return decoder.decode(records).batch["k"]?.scalars.first
    }

    @Test("of no records are no rows of the right columns")
    func none() {
        var decoder = RecordDecoder(source: source([.list(.decimal(precision: 4, scale: 1))]))
        let rows = decoder.decode(RecordBatch(partition: 1))
        #expect(rows.offsets.isEmpty && rows.rejected.isEmpty && rows.end == 0)
        #expect(rows.batch.schema.type(of: "c0") == .list(.decimal(precision: 4, scale: 1)))
    }

    @Test("survive deep nesting, huge numbers, long strings and broken text")
    func hostile() {
        let deep = String(repeating: "[", count: 100_000)
        let flat = deep + String(repeating: "]", count: 100_000)
        let long = String(repeating: "é", count: 1 << 20)
        var decoder = RecordDecoder(source: source([.string, .double]))
        var values = [
            #"{"c0":\#(deep)"#, #"{"c0":\#(flat)}"#, #"{"x":\#(flat)}"#, #"{"c1":1e400}"#,
            #"{"x":\#(String(repeating: "9", count: 100_000))}"#, #"{"c0":"\#(long)"}"#,
            #"{"\#(long)":1,"c1":2}"#, #"{"c1":1e-400}"#,
        ].map { Array($0.utf8) }
        values.append(Array(#"{"c0":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
        values.append(Array(#"{"x":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        values.append([0, 0, 0])
        let rows = decoder.decode(batch(values))
        #expect(rows.offsets == [15, 16, 17])
        #expect(rows.rejected.map(\.offset) == [10, 11, 12, 13, 14, 18, 19, 20])
        #expect(rows.batch["c0"]?.scalar(at: 0) == .string(long))
        #expect(rows.batch["c1"]?.holds([.null, .double(2), .double(0)]) == true)
        #expect(rows.rejected.allSatisfy { $0.reason.utf8.count < 300 })
    }
}

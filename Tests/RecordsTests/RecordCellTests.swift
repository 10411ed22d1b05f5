import Records
import TestSupport
import Testing
import Values

@Suite("Cells of records")
struct RecordCellTests {
    @Test("are bools when they are true or false")
    func bools() {
        #expect(value("true", .bool) == .bool(true) && value("false", .bool) == .bool(false))
        for wrong in ["0", "1", #""true""#, "[]", "{}"] { #expect(value(wrong, .bool) == nil) }
        #expect(fault("1", .bool) == "column 'c0': 1 is no bool; true or false is expected")
    }

    @Test("are integers when they are whole numbers in their range")
    func integers() {
        #expect(value("2147483647", .int32) == .integer(2_147_483_647))
        #expect(value("-2147483648", .int32) == .integer(-2_147_483_648))
        #expect(value("9223372036854775807", .int64) == .integer(.max))
        #expect(value("-9223372036854775808", .int64) == .integer(.min))
        #expect(value("-0", .int64) == .integer(0))
        for wrong in ["2147483648", "-2147483649", "1.0", "1e3", #""1""#, "true", "[1]"] {
            #expect(value(wrong, .int32) == nil)
        }
        for wrong in ["9223372036854775808", "18446744073709551615", "-9223372036854775809"] {
            #expect(value(wrong, .int64) == nil)
        }
        #expect(
            fault("9223372036854775808", .int64)?.hasPrefix(
                "column 'c0': 9223372036854775808 is no int64; a whole number from -922") == true)
    }

    @Test("are numbers without -0 and nothing beyond the greatest")
    func numbers() {
        #expect(value("-0.0", .double)?.isIdentical(to: .double(0)) == true)
        #expect(value("-0.0", .float)?.isIdentical(to: .double(0)) == true)
        #expect(value("-1e-60", .float)?.isIdentical(to: .double(0)) == true)
        #expect(value("0.1", .double) == .double(0.1))
        #expect(value("0.1", .float) == .double(Double(Float(0.1))))
        #expect(value("7", .double) == .double(7) && value("7", .float) == .double(7))
        #expect(value("18446744073709551615", .double) == .double(18_446_744_073_709_551_616))
        #expect(value("1.7976931348623157e308", .double) == .double(.greatestFiniteMagnitude))
        #expect(value("1e39", .float) == nil && value("-1e39", .float) == nil)
        for wrong in [#""NaN""#, #""1""#, "NaN", "Infinity", "1e309", "true"] {
            #expect(value(wrong, .double) == nil && value(wrong, .float) == nil)
        }
        #expect(
            fault(#""NaN""#, .double)
                == "column 'c0': the text 'NaN' is no double; a number is expected")
    }

    @Test("are texts, and bytes as padded base64")
    func texts() {
        #expect(value(#""ä\u0000\"\ud83d\ude00""#, .string) == .string("ä\0\"😀"))
        #expect(value(#""""#, .string) == .string("") && value("1", .string) == nil)
        let spellings: [(String, [UInt8])] = [
            ("", []), ("AA==", [0]), ("/+8=", [0xFF, 0xEF]), ("AQID", [1, 2, 3]),
        ]
        for (text, bytes) in spellings {
            #expect(value(#""\#(text)""#, .bytes) == .bytes(bytes))
        }
        for wrong in ["A", "AA", "AA=", "AB==", "AAB=", "A A=", "_-8=", "AA==AA==", "====", "é"] {
            #expect(value(#""\#(wrong)""#, .bytes) == nil, "\(wrong)")
        }
    }

    @Test("are times as text with a zone or whole seconds")
    func times() {
        let second = Scalar.timestamp(EventTime(microseconds: 1_000_000))
        for right in [#""1970-01-01T00:00:01Z""#, #""1970-01-01 01:00:01+01:00""#, "1"] {
            #expect(value(right, .timestamp) == second)
        }
        #expect(
            value(#""1969-12-31T23:59:59.9999999Z""#, .timestamp)
                == .timestamp(EventTime(microseconds: -1)))
        #expect(value("253402300799", .timestamp) != nil)
        for wrong in [
            "253402300800", "-62167219201", "1.5", #""""#, #""1970-01-01""#, "true",
            #""2023-02-29T00:00:00Z""#, #""1970-01-01T24:00:00Z""#,
        ] {
            #expect(value(wrong, .timestamp) == nil, "\(wrong)")
        }
        #expect(fault("1700000000000", .timestamp)?.contains("milliseconds?") == true)
        #expect(fault(#""tomorrow""#, .timestamp)?.contains("RFC 3339") == true)
    }

    @Test("are times without a zone only where the source names one")
    func zones() {
        let text = #""2024-07-01T12:00:00""#
        #expect(value(text, .timestamp) == nil)
        #expect(fault(text, .timestamp)?.contains("a zone is missing") == true)
        let noon = EventTime(microseconds: 1_719_835_200_000_000)
        #expect(value(text, .timestamp, zone: "UTC") == .timestamp(noon))
        let earlier = EventTime(microseconds: noon.microseconds - 7_200_000_000)
        #expect(value(text, .timestamp, zone: "+02:00") == .timestamp(earlier))
        #expect(
            value("[\(text)]", .list(.timestamp), zone: "+02:00") == .list([.timestamp(earlier)]))
        #expect(value(#""2024-07-01T12:00:00Z""#, .timestamp, zone: "+02:00") == .timestamp(noon))
    }

    @Test("are dates as text")
    func dates() {
        #expect(value(#""1970-01-02""#, .date) == .date(1))
        #expect(value(#""1969-12-31""#, .date) == .date(-1))
        for wrong in ["1", #""1970-1-2""#, #""1970-01-02T00:00:00Z""#, #""2023-02-29""#] {
            #expect(value(wrong, .date) == nil)
        }
    }

    @Test("are decimals when they lose no digit")
    func decimals() {
        let price = DataType.decimal(precision: 5, scale: 2)
        for right in ["12.5", #""12.50""#, #""+12.5000""#, "1.25e1"] {
            let expected = Scalar.decimal(Decimal128(unscaled: 1250, scale: 2))
            #expect(value(right, price) == expected, "\(right)")
        }
        for wrong in ["1000", "0.125", #""1e2""#, #""""#, "true", "18446744073709551615"] {
            #expect(value(wrong, price) == nil, "\(wrong)")
        }
        let wide = DataType.decimal(precision: 20, scale: 0)
        #expect(
            value("18446744073709551615", wide)
                == .decimal(Decimal128(unscaled: 18_446_744_073_709_551_615, scale: 0)))
    }

    @Test("are lists with their nulls, and vectors of their length")
    func lists() {
        #expect(
            value("[1,null,2]", .list(.int64)) == .list([.integer(1), .null, .integer(2)]))
        #expect(value("[]", .list(.string)) == .list([]))
        #expect(value(#"["AA=="]"#, .list(.bytes)) == .list([.bytes([0])]))
        for wrong in ["1", "[[1]]", "[{}]", "[1.5]", "{}", #""[1]""#] {
            #expect(value(wrong, .list(.int64)) == nil)
        }
        let vector = DataType.vector(length: 2)
        let floats = Scalar.list([.double(1), .double(0)])
        #expect(value("[1,-0.0]", vector)?.isIdentical(to: floats) == true)
        for wrong in ["[1]", "[1,2,3]", "[1,null]", "[1,1e39]", "null2"] {
            #expect(value(wrong, vector) == nil)
        }
        #expect(fault("[[1]]", .list(.int64))?.contains("a list of lists") == true)
    }

    @Test("are null for every type when they are null")
    func nulls() {
        for type in DataType.columnTypes + DataType.sizedTypes {
            #expect(value("null", type) == .null, "\(type)")
        }
    }
}

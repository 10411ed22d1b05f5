import Columns
import Foundation
import JSONParsing
import TestSupport
import Testing
import Values

@testable import Server

@Suite("JSON")
struct JSONTests {
    @Test("Numbers keep their kind and their bits")
    func numbers() throws {
        let text =
            "[0, -1, 9223372036854775807, 9223372036854775808, -9223372036854775808, 1.0, 1e3, -0.0]"
        #expect(
            try values(in: text) == [
                .integer(0), .integer(-1), .integer(.max), .unsigned(9_223_372_036_854_775_808),
                .integer(.min), .double(1), .double(1000), .double(-0.0),
            ])
    }

    @Test("Texts that are no JSON are refused")
    func invalid() {
        let texts = [
            "", " ", "{", "[1,]", "[01]", "[1.]", "[.5]", "[+1]", "[NaN]", "[1e999]", "['a']",
            "[\"\u{1}\"]", "[\"\\x\"]", "[\"\\ud800\"]", "[1] 2", "[nul]", "[1 2]", "[--1]",
            "[99999999999999999999]",
        ]
        for text in texts {
            #expect(throws: SimdjsonParser.Failure.self, "\(text)") { try values(in: text) }
        }
        let broken: [UInt8] = [91, 34, 0xC3, 34, 93]
        #expect(throws: SimdjsonParser.Failure.self) { try values(in: broken) }
    }

    @Test("Values that JSON lacks are the strings of Protocol Buffers' JSON")
    func nonFinite() {
        var text = JSONText()
        text.open("[")
        for value in [Double.nan, .infinity, -.infinity, 1, -0.0, 1e300] { text.double(value) }
        text.close("]")
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == #"["NaN","Infinity","-Infinity",1.0,-0.0,1e+300]"#)
    }

    @Test("Columns are written in Feast's spelling")
    func columns() {
        let cases: [(DataType, [Scalar], String)] = [
            (.bool, [.bool(true), .null], "[true,null]"),
            (.int32, [.integer(-5)], "[-5]"), (.int64, [.integer(.min)], "[-9223372036854775808]"),
            (.float, [.double(Double(Float(0.2143111228942871)))], "[0.2143111228942871]"),
            (.string, [.string("a\"\\\n\u{1}é😀")], #"["a\"\\\n\u0001é😀"]"#),
            (
                .bytes, [.bytes([]), .bytes([1]), .bytes([1, 2]), .bytes([255, 254, 253])],
                #"["","AQ==","AQI=","//79"]"#
            ),
            (
                .timestamp,
                [1_500_000, -1, 60_000_000].map { .timestamp(EventTime(microseconds: $0)) },
                "[1.5,-0.000001,60]"
            ),
            (.date, [.date(0)], #"["1970-01-01"]"#),
            (
                .list(.int64), [.list([.integer(1), .null]), .list([]), .null], "[[1,null],[],null]"
            ),
        ]
        for (type, values, expected) in cases {
            var text = JSONText()
            text.write(Column(type: type, values))
            #expect(String(decoding: text.bytes, as: UTF8.self) == expected, "\(type)")
        }
    }

    @Test("What is written, Python reads as the same values, and its texts are read alike")
    func python() throws {
        let seed: UInt64 = 11
        var generator = SeededGenerator(seed: seed)
        var doubles: [Double] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]
        while doubles.count < 5000 {
            let bits = Double(bitPattern: generator.next())
            if bits.isFinite { doubles.append(bits) }
            doubles.append(Double(Int64.random(in: -1000...1000, using: &generator)) / 100)
        }
        let integers = (0..<2000).map { _ in
            Int64(bitPattern: generator.next() >> UInt64.random(in: 0...63, using: &generator))
        }
        let strings = (0..<2000).map { _ in randomString(using: &generator) }
        var text = JSONText()
        text.open("[")
        for value in doubles { text.double(value) }
        for value in integers { text.integer(value) }
        for value in strings { text.string(value) }
        text.close("]")
        let returned = try judged(text.bytes)
        let expected =
            doubles.map(JSONCell.double) + integers.map(JSONCell.integer)
            + strings.map(JSONCell.string)
        let own = try values(in: text.bytes)
        #expect(returned.count == expected.count)
        #expect(own.count == expected.count)
        for (index, value) in expected.enumerated() {
            #expect(returned[index] == spelling(of: value), "seed \(seed): \(value)")
            #expect(spelling(of: own[index]) == spelling(of: value), "seed \(seed): \(value)")
        }
    }

    /// What `judge_json.py` says about a value: its kind and its bits.
    private func spelling(of value: JSONCell) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "bool \(flag)"
        case .integer(let number): "int \(number)"
        case .unsigned(let number): "int \(number)"
        case .double(let number): "float \(String(number.bitPattern, radix: 16))"
        case .string(let text):
            "str " + text.utf8.map { String($0, radix: 16) }.joined(separator: " ")
        case .array(let items): "[" + items.map { spelling(of: $0) }.joined(separator: ", ") + "]"
        }
    }

    private func judged(_ bytes: [UInt8]) throws -> [String] {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("values-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try JudgeProcess.python("judge_json.py", [file.path])
            .split(separator: "\n").map(String.init)
    }

    private func randomString(using generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let limit: UInt32 =
                [128, 0x800, 0x10000, 0x110000].randomElement(using: &generator) ?? 1
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private func values(in text: String) throws -> [JSONCell] {
        try values(in: [UInt8](text.utf8))
    }

    private func values(in bytes: [UInt8]) throws -> [JSONCell] {
        var body = [UInt8](#"{"entities":{"x":"#.utf8) + bytes + [125, 125]
        return try SimdjsonParser().parse(&body) { tape in
            try RequestBody(tape).columns(of: "entities", limit: 100_000)[0].values
        }
    }
}

import Columns
import Foundation
import Records
import TestSupport
import Testing
import Values

/// Random records, right, nearly right and broken, as the decoder and a reader in Python see them.
@Suite("Records, judged")
struct RecordJudgeTests {
    @Test("are the rows that a reader in Python sees", arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func judged(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let types = DataType.columnTypes + DataType.sizedTypes + [.vector(length: 1)]
        let chosen = (0..<8).map { _ in types[generator.below(types.count)] }
        var records: [[UInt8]] = (0..<400).map { _ in
            Array(generator.object(of: chosen).utf8)
        }
        for _ in 0..<800 { records.append(generator.mutated(records[generator.below(400)])) }
        let expected = try judgement(of: records, chosen)
        var decoder = RecordDecoder(source: source(chosen))
        let rows = decoder.decode(batch(records))
        var (row, rejects) = (0, 0)
        for (index, verdict) in expected.enumerated() {
            let text = String(decoding: records[index], as: UTF8.self)
            let isRow = row < rows.offsets.count && rows.offsets[row] == Int64(index) + 10
            guard isRow else {
                let reason = rows.rejected[rejects].reason
                #expect(verdict == nil, "seed \(seed): \(text): \(reason)")
                rejects += 1
                continue
            }
            let cells = chosen.indices.map {
                spelling(rows.batch.columns[$0].scalar(at: row), chosen[$0])
            }
            #expect(cells == verdict, "seed \(seed), \(chosen): \(text)")
            row += 1
        }
        #expect(row == rows.offsets.count && rejects == rows.rejected.count, "seed \(seed)")
        #expect(row > 100 && rejects > 100, "seed \(seed): \(row) rows, \(rejects) rejects")
    }

    private func judgement(of records: [[UInt8]], _ types: [DataType]) throws -> [[String]?] {
        let columns = types.enumerated().map { #"["c\#($0.offset)","\#($0.element)"]"# }
        let lines = records.map { Data($0).base64EncodedString() }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("records-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let text = (["[\(columns.joined(separator: ","))]"] + lines).joined(separator: "\n")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let output = try JudgeProcess.python("judge_records.py", [file.path])
        return try output.split(separator: "\n").map { line in
            line == "reject"
                ? nil : try JSONDecoder().decode([String].self, from: Data(line.utf8))
        }
    }
}

extension SeededGenerator {
    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

    private mutating func pick(_ texts: [String]) -> String { texts[below(texts.count)] }

    private mutating func space() -> String { chance(0.9) ? "" : pick([" ", "\n", "\t\r "]) }

    /// An object with members for most columns, in any order, and some others.
    mutating func object(of types: [DataType]) -> String {
        var members: [String] = types.indices.compactMap { column in
            if chance(0.1) { return nil }
            let name = chance(0.05) ? "c\\u003\(column)" : "c\(column)"
            return "\(space())\"\(name)\"\(space()):\(space())\(cell(of: types[column]))"
        }
        if chance(0.3) { members.append(#""extra":\#(wild())"#) }
        if chance(0.02) { members.append(#""c0":null"#) }
        if chance(0.05) { members.append(#""extra":1"#) }
        members.shuffle(using: &self)
        return "\(space()){\(members.joined(separator: ","))\(space())}\(space())"
    }

    /// Mostly a value of the type.
    private mutating func cell(of type: DataType) -> String {
        if chance(0.1) { return "null" }
        return chance(0.98) ? right(type) : wild()
    }

    /// A value of the type, or what looks like one.
    private mutating func right(_ type: DataType) -> String {
        switch type {
        case .bool: return pick(["true", "false"])
        case .int32, .int64:
            return pick(["0", "-1", "17", "-0", "2147483647", "-2147483648", "99"])
        case .float, .double:
            return pick(["0.1", "-0.0", "1", "1e3", "-2.5E-3", "123456.789", "1e-50", "16777217"])
        case .string:
            return pick([#""""#, #""a\n€""#, #""\u00e4\ud83d\ude00""#, #""\/""#, #""ä""#])
        case .bytes: return pick([#""""#, #""AA==""#, #""AQI=""#, #""+/+/""#])
        case .timestamp:
            return pick([
                #""2024-02-29T23:59:59.123456789Z""#, #""1969-12-31 10:00+01:30""#, "1700000000",
                #""0001-01-01T00:00:00Z""#, #""9999-12-31t23:59:59.9z""#, "-5",
            ])
        case .date: return pick([#""2024-02-29""#, #""1969-12-31""#, #""0001-01-01""#])
        case .decimal: return pick([#""0""#, #""-0""#, "0.0", #""0.000""#, "0", "0e5"])
        case .vector(let length):
            return "[" + (0..<length).map { _ in right(.float) }.joined(separator: ",") + "]"
        case .list(let element):
            let items = (0..<below(4)).map { _ in chance(0.2) ? "null" : right(element) }
            return "[\(space())\(items.joined(separator: ",\(space())"))]"
        case .null, .duration: return "null"
        }
    }

    /// A value of any kind.
    private mutating func wild() -> String {
        pick([
            "9223372036854775807", "9223372036854775808", "18446744073709551615", "1.5", "1e39",
            "18446744073709551616", "-9223372036854775809", "1e400", "NaN", "-Infinity", "\"NaN\"",
            "{}", #"{"c0":1}"#, "[[]]", "[{}]", "[1,\"a\"]", #""\ud800""#, #""\u0000""#, "\"\t\"",
            #""2024-02-30""#, #""2024-02-29T10:00:00""#, #""12.345""#, "12.345", "0.1", #""1e2""#,
            "253402300800", "true", "[]", #""AB==""#, "tru", "01", "+1", ".5", "1.", "-", "",
        ])
    }

    /// The bytes with a few of them changed, left out or doubled.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(2) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(5) {
            case 0: bytes[place] = UInt8(below(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[below(bytes.count)], at: place)
            case 3: bytes.insert(Array(#"{}[],:"\0-.e"#.utf8)[below(11)], at: place)
            default: bytes.removeLast(min(bytes.count, below(4)))
            }
        }
        return bytes
    }
}

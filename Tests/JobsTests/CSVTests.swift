import Columns
import TestSupport
import Testing
import Values

@testable import Jobs

/// Imports the bytes in blocks of `blockSize`.
private func parse(
    _ bytes: [UInt8], _ fields: [Field], blockSize: Int = 1 << 20, zone: ZoneTable? = nil,
    nullTexts: [String] = CSVOptions().nullTexts
) throws -> (rows: [[Scalar]], faults: [CSVFault]) {
    let folder = try TemporaryFolder()
    let path = try folder.file("input.csv", bytes)
    let schema = Schema(fields)
    var reader = try CSVBlockReader(path: path, blockSize: blockSize)
    guard let first = try reader.firstRecord() else { return ([], []) }
    let parser = CSVBlockParser(
        schema: schema, header: try CSVHeader(first, schema: schema, path: path),
        options: CSVOptions(nullTexts: nullTexts), zone: zone)
    var rows: [[Scalar]] = []
    var faults: [CSVFault] = []
    while let block = try reader.next() {
        let result = parser.parse(block)
        for row in 0..<result.batch.rowCount {
            rows.append(result.batch.columns.map { $0.scalar(at: row) })
        }
        faults += result.faults
    }
    return (rows, faults)
}

private func parse(
    _ text: String, _ fields: [Field], blockSize: Int = 1 << 20, zone: ZoneTable? = nil
) throws -> (rows: [[Scalar]], faults: [CSVFault]) {
    try parse(Array(text.utf8), fields, blockSize: blockSize, zone: zone)
}

private func strings(_ names: String...) -> [Field] {
    names.map { Field(name: $0, type: .string) }
}

@Suite("CSV")
struct CSVTests {
    @Test("Any table written with any legal quoting is read back, whatever the block size")
    func roundTrip() throws {
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed)
            let table = RandomTable(&random)
            let size = Int.random(in: 1...40, using: &random)
            let result = try parse(table.text, strings("b", "a"), blockSize: size)
            #expect(result.faults.isEmpty, "seed \(seed)")
            #expect(result.rows == table.rows, "seed \(seed)")
        }
    }

    @Test("A byte order mark, CRLF, CR, blank lines and a missing last line end are accepted")
    func lineEnds() throws {
        let text = "\u{FEFF}a,b\r\n1,2\r\n\r\n3,4\n\n5,6\r7,8"
        let result = try parse(text, strings("a", "b"), blockSize: 3)
        #expect(result.rows.map { $0[0] } == ["1", "3", "5", "7"].map(Scalar.string))
        #expect(result.faults.isEmpty)
    }

    @Test("Faults name the line on which their record begins, even after quoted line ends")
    func faultLines() throws {
        let text = "a,b\n\"x\r\ny\",1\nz\nq,1,2\nw,\"v\"u\n\"open"
        let result = try parse(text, strings("a", "b"), blockSize: 4)
        #expect(result.rows == [[.string("x\r\ny"), .string("1")]])
        #expect(result.faults.map(\.line) == [4, 5, 6, 7])
        #expect(
            result.faults.map(\.reason) == [
                "has 1 field where the header has 2", "has 3 fields where the header has 2",
                "has text after a closing quote", "has a quote that is never closed",
            ])
    }

    @Test("An unquoted null text is null; quotes make it text for strings, not for numbers")
    func nullTexts() throws {
        let fields = [Field(name: "s", type: .string), Field(name: "d", type: .double)]
        let result = try parse("s,d\nNA,NA\n\"NA\",\"NA\"\n,\n\"\",1\n", fields)
        #expect(
            result.rows == [
                [.null, .null], [.string("NA"), .null], [.null, .null], [.string(""), .double(1)],
            ])
    }

    @Test("Decimals are read exactly, lists and vectors as JSON arrays")
    func sizedTypes() throws {
        let fields = [
            Field(name: "p", type: .decimal(precision: 5, scale: 2)),
            Field(name: "l", type: .list(.string)), Field(name: "v", type: .vector(length: 2)),
        ]
        let text = """
            p,l,v
            -12.5,"[""a"", null]","[1, -0.5]"
            ,,
            1.005,[],"[1, 2]"
            1,[1],"[1, 2]"
            1,[],[1]
            1,[],"[1, null]"

            """
        let result = try parse(text, fields)
        #expect(
            result.rows == [
                [
                    .decimal(Decimal128(unscaled: -1_250, scale: 2)),
                    .list([.string("a"), .null]), .list([.double(1), .double(-0.5)]),
                ],
                [.null, .null, .null],
            ])
        #expect(result.faults.map(\.line) == [4, 5, 6, 7])
        #expect(
            result.faults.map(\.reason) == [
                "is not a decimal(5,2): digits, with at most 2 behind the point",
                "is not a list<string> such as [\"a\", \"b\"]",
                "is not a vector<float, 2>: a JSON array of 2 numbers",
                "is not a vector<float, 2>: a JSON array of 2 numbers",
            ])
    }

    @Test("A row with an unreadable value is dropped and reported with its text")
    func unreadableValues() throws {
        let fields = [Field(name: "n", type: .int32), Field(name: "d", type: .double)]
        let result = try parse("n,d\n1,x\n3000000000,1\n1.5,1\n7,1e999\n8,1\n", fields)
        #expect(result.rows == [[.integer(8), .double(1)]])
        #expect(result.faults.map(\.value) == ["x", "3000000000", "1.5", "1e999"])
        #expect(result.faults.map(\.column) == ["d", "n", "n", "d"])
        #expect(result.faults[1].reason == "does not fit int32")
    }

    @Test("Doubles are rounded once, as the standard library rounds them")
    func doubles() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let digits = Int.random(in: 1...24, using: &random)
            var text = String(
                (0..<digits).map { _ in "0123456789".randomElement(using: &random) ?? "0" })
            text.insert(".", at: text.index(text.startIndex, offsetBy: digits / 2))
            text += "e\(Int.random(in: -30...30, using: &random))"
            guard case .value(let value) = parseDouble(Array(text.utf8).span) else {
                Issue.record("\(text) was refused")
                continue
            }
            #expect(value == Double(text), "\(text)")
        }
    }

    @Test("A declared column that the header lacks is an error with the nearest name")
    func missingColumn() {
        let error = #expect(throws: JobError.self) {
            try parse("dep_dely,x\n1,2\n", [Field(name: "dep_delay", type: .double)])
        }
        #expect(error?.hint == "the nearest name in the file is 'dep_dely'")
    }

    @Test("A column that the header names twice is an error")
    func repeatedColumn() {
        let error = #expect(throws: JobError.self) { try parse("a,a\n1,2\n", strings("a")) }
        #expect(error?.message.contains("names column 'a' 2 times") == true)
    }

    @Test("Text that is not UTF-8 is a fault")
    func brokenUTF8() throws {
        let result = try parse([97, 10, 0xFF, 10], strings("a"))
        #expect(result.faults.map(\.reason) == ["is not UTF-8 text"])
    }
}

/// A table of texts and one of the many ways to write it.
private struct RandomTable {
    var text: [UInt8] = Array("a,ignored,\"b\"\n".utf8)
    var rows: [[Scalar]] = []

    init(_ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let cells = (0..<3).map { _ in cell(&random) }
            for (index, cell) in cells.enumerated() {
                if index > 0 { text.append(44) }
                text += written(cell, &random)
            }
            text += [[10], [13, 10]].randomElement(using: &random) ?? [10]
            rows.append([cells[2], cells[0]].map { $0.map(Scalar.string) ?? .null })
        }
    }
}

private func cell(_ random: inout SeededGenerator) -> String? {
    if Int.random(in: 0..<5, using: &random) == 0 { return nil }
    let alphabet: [Character] = ["a", "\"", ",", "\n", "\r", " ", "é", "1"]
    return String(
        (0..<Int.random(in: 0...5, using: &random)).map { _ in
            alphabet.randomElement(using: &random) ?? "a"
        })
}

private func written(_ cell: String?, _ random: inout SeededGenerator) -> [UInt8] {
    guard let cell else { return Array(Bool.random(using: &random) ? "NA".utf8 : "".utf8) }
    let needsQuotes =
        cell.isEmpty || cell.hasPrefix("\"") || cell.utf8.contains { [44, 10, 13].contains($0) }
    if !needsQuotes, Bool.random(using: &random) { return Array(cell.utf8) }
    return [34] + cell.utf8.flatMap { $0 == 34 ? [34, 34] : [$0] } + [34]
}

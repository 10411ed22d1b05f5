import Foundation
import TestSupport
import Testing
import Values

@testable import Aggregates

@Suite("Aggregates agree with rational arithmetic in Python")
struct PythonJudgeTests {
    private static let functions: [AggregateFunction] = [
        .sum, .mean, .variance, .stddev, .min, .max,
    ]

    @Test("on ordinary and adversarial doubles")
    func doubles() throws {
        var lists: [[Scalar]] = []
        for seed in 1000..<3000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var values = NastyValues.random(
                count: Int.random(in: 1...30, using: &generator), using: &generator)
            if seed % 20 == 0 { values += [NastyValues.special[Int(seed / 20 % 5)]] }
            if seed % 40 == 0 { values += [.infinity] }
            lists.append(values.map(Scalar.double))
        }
        try compare(lists, type: .double)
    }

    @Test("on integers of all sizes")
    func integers() throws {
        var lists: [[Scalar]] = []
        for seed in 0..<1000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let shift = Int64.random(in: 0...60, using: &generator)
            let count = Int.random(in: 1...20, using: &generator)
            lists.append(
                (0..<count).map { _ in .integer(Int64(bitPattern: generator.next()) >> shift) })
        }
        lists.append([.integer(.min), .integer(.max), .integer(.min)])
        try compare(lists, type: .int64)
    }

    private func compare(_ lists: [[Scalar]], type: DataType) throws {
        let lines = try PythonJudge.fold(lists)
        #expect(lines.count == lists.count)
        for (values, line) in zip(lists, lines) {
            let ours = try Self.functions.map { function in
                var partial = try Partial(function, inputType: type)
                for value in values {
                    partial.fold(value: value, eventTime: .distantPast, knownAt: .distantPast)
                }
                return PythonJudge.text(partial.finalised())
            }
            #expect(ours.joined(separator: " ") == line, "\(values)")
        }
    }
}

/// The exact oracle in `Tests/Judges`.
private enum PythonJudge {
    /// A line of results for each list.
    static func fold(_ lists: [[Scalar]]) throws -> [String] {
        let folder = try TemporaryFolder()
        let input = folder.file("lists.txt")
        try lists.map(line).joined().write(toFile: input, atomically: false, encoding: .ascii)
        let output = try JudgeProcess.python("fold_values.py", [input])
        return output.split(separator: "\n").map(String.init)
    }

    private static func line(_ values: [Scalar]) -> String {
        var kind = "integer"
        let words = values.map { value in
            if case .double = value { kind = "double" }
            return text(value)
        }
        return ([kind] + words).joined(separator: " ") + "\n"
    }

    static func text(_ value: Scalar) -> String {
        switch value {
        case .integer(let integer): return String(integer)
        case .double(let double):
            let digits = String(double.bitPattern, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        default: return "-"
        }
    }
}

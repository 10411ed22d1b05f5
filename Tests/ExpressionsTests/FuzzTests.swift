import Columns
import Foundation
import TestSupport
import Testing
import Values

@testable import Expressions

/// Texts of every degree of sense through the lexer, the parser, the checker and both evaluators,
/// for `ROOST_FUZZ_MINUTES` (a moment without) from the seed `ROOST_FUZZ_SEED`.
@Suite struct FuzzTests {
    private static let scope = Scope(TableGenerator.columns, zones: systemZones)
    private static let types: [DataType] = [
        .bool, .int64, .double, .string, .timestamp, .date, .duration, .list(.int64),
        .list(.string),
    ]

    private struct Counts {
        var texts = 0
        var typed = 0
        var cells = 0
        var faults = 0
    }

    @Test("No text and no row makes the expression language trap or disagree with itself")
    func fuzz() {
        let environment = ProcessInfo.processInfo.environment
        let minutes = environment["ROOST_FUZZ_MINUTES"].flatMap(Double.init) ?? 0.03
        var seed = environment["ROOST_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
        let first = seed
        let end = ContinuousClock.now + .seconds(minutes * 60)
        var counts = Counts()
        while ContinuousClock.now < end {
            var generator = TableGenerator(seed: seed)
            let batch = generator.batch()
            for _ in 0..<8 { exercise(text(&generator), batch, seed, &counts) }
            seed += 1
        }
        print(
            "fuzz: seeds \(first)..<\(seed), \(counts.texts) texts, \(counts.typed) of them "
                + "expressions, \(counts.cells) cells, \(counts.faults) counted faults")
        #expect(counts.typed > 0)
    }

    private func text(_ generator: inout TableGenerator) -> String {
        let type = generator.pick(Self.types)
        let valid = generator.text(type, depth: generator.pick([1, 2, 3, 5]))
        switch Int.random(in: 0..<5, using: &generator.random) {
        case 0: return mutated(valid, &generator)
        case 1: return shuffled(&generator)
        case 2: return spliced(valid, generator.text(generator.pick(Self.types), depth: 2))
        default: return valid
        }
    }

    private func mutated(_ text: String, _ generator: inout TableGenerator) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &generator.random) where !scalars.isEmpty {
            let position = Int.random(in: 0..<scalars.count, using: &generator.random)
            switch Int.random(in: 0..<4, using: &generator.random) {
            case 0: scalars.remove(at: position)
            case 1: scalars.insert(scalars[scalars.count - 1 - position], at: position)
            case 2:
                scalars[position] = generator.pick(["'", "\u{0}", "9", "(", "\u{e9}", "`", "["])
            default: scalars.removeSubrange(position...)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private func shuffled(_ generator: inout TableGenerator) -> String {
        let words =
            FunctionTable.callableNames + Keyword.allCases.map(\.rawValue)
            + ["(", ")", ",", "[", "]", "||", "-", "*", "//", "'x'", "1", "2.5", "escape", "7d"]
            + TableGenerator.columns.map(\.name)
        return (0..<Int.random(in: 0...20, using: &generator.random))
            .map { _ in generator.pick(words) }.joined(separator: " ")
    }

    /// The first half of one text and the second half of another.
    private func spliced(_ left: String, _ right: String) -> String {
        String(left.prefix(left.count / 2)) + String(right.suffix(right.count / 2))
    }

    private func exercise(
        _ text: String, _ batch: ColumnBatch, _ seed: UInt64, _ counts: inout Counts
    ) {
        counts.texts += 1
        do throws(Diagnostic) {
            let typed = try ExpressionSyntax.parse(text, at: start).typed(in: Self.scope)
            counts.typed += 1
            let canonical = typed.canonicalText
            let again = try ExpressionSyntax.parse(canonical, at: start).typed(in: Self.scope)
            if again != typed || again.canonicalText != canonical {
                Issue.record("seed \(seed): \(text) is not \(canonical)")
            }
            var faults = FaultCounts()
            let column = typed.evaluate(batch, faults: &faults)
            counts.cells += column.count
            counts.faults += faults.total
            if let difference = rowDifference(typed, batch, column, faults) {
                Issue.record("seed \(seed): \(text): \(difference)")
            }
        } catch {
            let isInside =
                error.location.column >= start.column && error.length >= 1
                && error.location.column <= start.column + text.unicodeScalars.count
            if !isInside { Issue.record("seed \(seed): \(text): \(error.message)") }
        }
    }
}

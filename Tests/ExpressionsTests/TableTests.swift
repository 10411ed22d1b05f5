import Columns
import Testing
import Values

@testable import Expressions

@Suite struct TableTests {
    private static let scope = Scope(TableGenerator.columns, zones: systemZones)

    @Test("Every overload of the table gives rows what it gives columns, and counts the same")
    func everyOverload() throws {
        var generator = TableGenerator(seed: 1)
        let batches = (0..<8).map { _ in generator.batch() }
        for function in FunctionTable.functions.values.sorted(by: { $0.name < $1.name }) {
            for (index, overload) in function.overloads.enumerated() {
                for (round, batch) in batches.enumerated() {
                    let text = generator.call(function.name, overload, depth: 1 + round % 2)
                    let typed = try parsed(text)
                    guard case .call(function.name, _, _) = typed.node else { continue }
                    let label = "\(function.name) \(index) round \(round): \(text)"
                    #expect(difference(typed, batch) == nil, "\(label)")
                }
            }
        }
    }

    @Test("Nested calls of the whole table give rows what they give columns")
    func nestedCalls() throws {
        let types: [DataType] = [.bool, .int64, .double, .string, .timestamp, .date, .duration]
        for seed in 1...600 as ClosedRange<UInt64> {
            var generator = TableGenerator(seed: seed)
            let text = generator.text(types[Int(seed) % types.count], depth: 4)
            let batch = generator.batch()
            #expect(difference(try parsed(text), batch) == nil, "seed \(seed): \(text)")
        }
    }

    private func parsed(_ text: String) throws -> TypedExpression {
        do throws(Diagnostic) {
            return try ExpressionSyntax.parse(text, at: start).typed(in: Self.scope)
        } catch {
            Issue.record("\(text): \(error.message); \(error.hint ?? "")")
            throw error
        }
    }

    private func difference(_ typed: TypedExpression, _ batch: ColumnBatch) -> String? {
        var faults = FaultCounts()
        let column = typed.evaluate(batch, faults: &faults)
        return rowDifference(typed, batch, column, faults)
    }
}

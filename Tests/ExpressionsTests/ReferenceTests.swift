import Expressions
import Foundation
import Testing
import Values

@Suite struct ReferenceTests {
    /// The rows of `docs/expressions.md` that have a text, a type and a result.
    private static func examples() throws -> [(text: String, type: String, result: String)] {
        let root = (0..<3).reduce(URL(filePath: #filePath)) { path, _ in
            path.deletingLastPathComponent()
        }
        let page = try String(
            contentsOf: root.appending(path: "docs/expressions.md"), encoding: .utf8)
        return page.split(separator: "\n").compactMap { line in
            let cells = line.replacing("\\|", with: "\u{0}").split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("\u{0}", with: "|")
            }
            guard cells.count == 3, cells[0].hasPrefix("`"), cells[2].hasPrefix("`"),
                DataType(parsing: cells[1]) != nil || cells[1] == "null"
            else { return nil }
            return (
                String(cells[0].dropFirst().dropLast()), cells[1],
                String(cells[2].dropFirst().dropLast())
            )
        }
    }

    private func describe(_ value: Scalar) -> String {
        switch value {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .integer(let integer): "\(integer)"
        case .double(let double): "\(double)"
        case .string(let text): text
        case .timestamp(let time): "\(time)"
        case .list(let items): "[\(items.map(describe).joined(separator: ", "))]"
        default: "?"
        }
    }

    @Test("Every example of the reference page gives what the page says")
    func examples() throws {
        let examples = try Self.examples()
        #expect(examples.count == 78)
        let one = ExpressionFixture([("unused", .bool, [.null])])
        for example in examples {
            let result = try one.evaluate(example.text)
            #expect(describe(result.values[0]) == example.result, "\(example.text)")
            #expect(result.type.description == example.type, "\(example.text)")
        }
    }
}

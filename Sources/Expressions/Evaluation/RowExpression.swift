import Columns
public import Values

/// An expression made ready for one row at a time, as serving asks for it.
///
/// It gives what `TypedExpression.evaluate` gives for the same row, to the bit, and counts the
/// same faults: both run the kernels of one table. Preparing costs microseconds, a row some
/// nanoseconds for each operator and no allocation unless texts or lists are made.
public struct RowExpression: Sendable {
    private let function: RowFunction
    private let type: DataType

    /// Prepares `expression` over rows of `columns`, which must have all that it refers to.
    public init(_ expression: TypedExpression, columns: [Field]) {
        var positions: [String: Int] = [:]
        for (position, column) in columns.enumerated() { positions[column.name] = position }
        function = RowCompiler(positions: positions).compile(expression)
        type = expression.type
    }

    /// The value of one row.
    ///
    /// - Parameters:
    ///   - values: one value for each column, null or of the column's type.
    ///   - faults: where a value that had to be null is counted.
    /// - Returns: the value, of the expression's type or null.
    public func evaluate(_ values: [Scalar], faults: inout FaultCounts) -> Scalar {
        var row = RowCursor(values: values, faults: faults)
        let cell = function(&row)
        faults = row.faults
        return cell.scalar(type)
    }
}

typealias RowFunction = @Sendable (inout RowCursor) -> Cell

/// The row that is evaluated, and what failed in it.
struct RowCursor {
    let values: [Scalar]
    var faults: FaultCounts
}

/// Makes a checked tree a tree of closures, each of which knows its operands and its kernel.
private struct RowCompiler {
    let positions: [String: Int]

    func compile(_ expression: TypedExpression) -> RowFunction {
        switch expression.node {
        case .literal(let value):
            let cell = Cell(value, expression.type)
            return { _ in cell }
        case .zone: return { _ in .null }
        case .column(let name): return column(name, expression.type)
        case .widened(let operand), .cast(let operand):
            let value = compile(operand)
            guard let kernel = Cast.kernel(from: operand.type, to: expression.type) else {
                return value
            }
            return call(kernel, [value])
        case .call(let name, let overload, let arguments):
            let (kernel, values) = expression.prepared(name, overload, arguments)
            return call(kernel, values.map(compile))
        case .form(let form, let arguments):
            return compile(form, arguments)
        }
    }

    private func column(_ name: String, _ type: DataType) -> RowFunction {
        guard let position = positions[name] else {
            preconditionFailure("the rows have no column \(name)")
        }
        switch type {
        case .double:
            return { row in
                if case .double(let value) = row.values[position] { .double(value) } else { .null }
            }
        case .int64:
            return { row in
                if case .integer(let value) = row.values[position] { .int64(value) } else { .null }
            }
        default: return { row in Cell(row.values[position], type) }
        }
    }

    private func call(_ kernel: Kernel, _ operands: [RowFunction]) -> RowFunction {
        switch kernel.cells {
        case .one(let operation):
            let first = operands[0]
            return { row in operation(first(&row), &row.faults) }
        case .two(let operation):
            let (first, second) = (operands[0], operands[1])
            return { row in
                let (a, b) = (first(&row), second(&row))
                return operation(a, b, &row.faults)
            }
        case .three(let operation):
            let (first, second, third) = (operands[0], operands[1], operands[2])
            return { row in
                let (a, b, c) = (first(&row), second(&row), third(&row))
                return operation(a, b, c, &row.faults)
            }
        case .four(let operation):
            let operands = operands
            return { row in
                let (a, b) = (operands[0](&row), operands[1](&row))
                let (c, d) = (operands[2](&row), operands[3](&row))
                return operation(a, b, c, d, &row.faults)
            }
        }
    }
}

extension RowCompiler {
    private func compile(
        _ form: TypedExpression.Form, _ arguments: [TypedExpression]
    ) -> RowFunction {
        let operands = arguments.map(compile)
        switch form {
        case .and: return logical(operands, deciding: false)
        case .or: return logical(operands, deciding: true)
        case .isNull:
            let operand = operands[0]
            return { row in .bool(operand(&row).isNull) }
        case .isNotNull:
            let operand = operands[0]
            return { row in .bool(!operand(&row).isNull) }
        case .conditional:
            let (condition, left, right) = (operands[0], operands[1], operands[2])
            return { row in condition(&row).isTrue ? left(&row) : right(&row) }
        case .coalesce:
            return { row in
                for operand in operands {
                    let value = operand(&row)
                    if !value.isNull { return value }
                }
                return .null
            }
        case .searchedCase: return searchedCase(operands)
        case .simpleCase: return simpleCase(operands, arguments[0].type)
        case .between, .in, .nullIf, .least, .greatest, .concat, .list:
            return combine(form, operands, arguments[0].type)
        }
    }

    /// The right side is asked only when the left does not decide.
    private func logical(_ operands: [RowFunction], deciding: Bool) -> RowFunction {
        let (left, right) = (operands[0], operands[1])
        return { row in
            let first = left(&row)
            if case .bool(let value) = first, value == deciding { return first }
            let second = right(&row)
            if case .bool(let value) = second, value == deciding { return second }
            return first.isNull ? .null : second
        }
    }

    private func searchedCase(_ operands: [RowFunction]) -> RowFunction {
        let arms = stride(from: 0, to: operands.count - 1, by: 2).map {
            (condition: operands[$0], result: operands[$0 + 1])
        }
        let rest = operands.count % 2 == 1 ? operands.last : nil
        return { row in
            for arm in arms where arm.condition(&row).isTrue { return arm.result(&row) }
            return rest?(&row) ?? .null
        }
    }

    private func simpleCase(_ operands: [RowFunction], _ type: DataType) -> RowFunction {
        let equals = Comparison("=", type)
        let subject = operands[0]
        let arms = stride(from: 1, to: operands.count - 1, by: 2).map {
            (label: operands[$0], result: operands[$0 + 1])
        }
        let rest = operands.count % 2 == 0 ? operands.last : nil
        return { row in
            let value = subject(&row)
            for arm in arms where equals(value, arm.label(&row)) == true {
                return arm.result(&row)
            }
            return rest?(&row) ?? .null
        }
    }

    /// Forms that need all their operands, of one type, but not all of them non-null.
    private func combine(
        _ form: TypedExpression.Form, _ operands: [RowFunction], _ type: DataType
    ) -> RowFunction {
        switch form {
        case .between: return between(operands, type)
        case .in: return membership(operands, type)
        case .nullIf:
            let equals = Comparison("=", type)
            let (left, right) = (operands[0], operands[1])
            return { row in
                let (value, other) = (left(&row), right(&row))
                return equals(value, other) == true ? .null : value
            }
        case .concat: return concatenation(operands)
        case .list:
            return { row in
                let items = operands.map { $0(&row).scalar(type) }
                return .list(
                    ListCell(elements: Column(type: type, items), range: 0..<items.count))
            }
        default: return extreme(operands, Comparison(form == .least ? "<=" : ">=", type))
        }
    }

    private func between(_ operands: [RowFunction], _ type: DataType) -> RowFunction {
        let (atLeast, atMost) = (Comparison(">=", type), Comparison("<=", type))
        let (subject, low, high) = (operands[0], operands[1], operands[2])
        return { row in
            let (value, least, greatest) = (subject(&row), low(&row), high(&row))
            let (above, below) = (atLeast(value, least), atMost(value, greatest))
            if above == false || below == false { return .bool(false) }
            return above == nil || below == nil ? .null : .bool(true)
        }
    }

    private func membership(_ operands: [RowFunction], _ type: DataType) -> RowFunction {
        let equals = Comparison("=", type)
        return { row in
            let value = operands[0](&row)
            var (isFound, isOpen) = (false, false)
            for item in operands.dropFirst() {
                switch equals(value, item(&row)) {
                case true?: isFound = true
                case nil: isOpen = true
                case false?: break
                }
            }
            return isFound ? .bool(true) : isOpen ? .null : .bool(false)
        }
    }

    private func extreme(_ operands: [RowFunction], _ keeps: Comparison) -> RowFunction {
        { row in
            var best = operands[0](&row)
            for operand in operands.dropFirst() {
                let next = operand(&row)
                if next.isNull { continue }
                if keeps(best, next) != true { best = next }
            }
            return best
        }
    }

    private func concatenation(_ operands: [RowFunction]) -> RowFunction {
        { row in
            var text: [UInt8] = []
            for operand in operands {
                if case .text(let bytes) = operand(&row) { text += bytes }
            }
            if text.count <= greatestTextLength { return .text(text) }
            row.faults.add(.overflow)
            return .null
        }
    }
}

/// A comparison of two cells of one type; nil when one is null.
private struct Comparison: Sendable {
    private let operation: @Sendable (Cell, Cell, inout FaultCounts) -> Cell

    init(_ name: String, _ type: DataType) {
        guard case .two(let operation) = FunctionTable.kernel(name, [type, type]).cells else {
            preconditionFailure("a comparison takes two operands")
        }
        self.operation = operation
    }

    func callAsFunction(_ left: Cell, _ right: Cell) -> Bool? {
        var faults = FaultCounts()
        guard case .bool(let holds) = operation(left, right, &faults) else { return nil }
        return holds
    }
}

public import Columns
import Values

extension TypedExpression {
    /// The value of every row, by whole columns; never fails for data.
    ///
    /// The batch must have the referenced columns, with the types the expression was checked with.
    /// Complexity: O(rows) for each operator, so batches that stay in cache are the fastest.
    /// - Parameters:
    ///   - batch: the rows.
    ///   - faults: where the values that had to be null are counted.
    /// - Returns: a column of `type` with one value for each row.
    public func evaluate(_ batch: ColumnBatch, faults: inout FaultCounts) -> Column {
        if case .column(let name) = node { return Evaluator.column(name, type, of: batch) }
        var evaluator = Evaluator(batch: batch)
        let result = evaluator.evaluate(self, active: .constant(true))
        faults.add(evaluator.faults)
        return result.column(type: type, count: batch.rowCount)
    }

    /// What a call does, and its arguments that differ from row to row.
    func prepared(
        _ name: String, _ overload: Int, _ arguments: [TypedExpression]
    ) -> (kernel: Kernel, values: [TypedExpression]) {
        guard let function = FunctionTable.functions[name] else {
            preconditionFailure("a checked expression calls functions of the table")
        }
        let overload = function.overloads[overload]
        var (constants, values): ([Constant], [TypedExpression]) = ([], [])
        for (argument, parameter) in zip(arguments, overload.parameters) {
            if let constant = Constant(argument, parameter) {
                constants.append(constant)
            } else {
                values.append(argument)
            }
        }
        return (overload.kernel(constants), values)
    }
}

/// Evaluates an expression over one batch, bottom up.
///
/// `active` marks the rows whose value is asked for: all values are computed, because that is
/// faster than choosing, but only active rows count as faults.
struct Evaluator {
    let batch: ColumnBatch
    var faults = FaultCounts()

    init(batch: ColumnBatch) {
        self.batch = batch
    }

    static func column(_ name: String, _ type: DataType, of batch: ColumnBatch) -> Column {
        guard let column = batch[name], column.type == type else {
            preconditionFailure("the batch has no column \(name) of type \(type)")
        }
        return column
    }

    mutating func evaluate(_ expression: TypedExpression, active: BitLane) -> Operand {
        switch expression.node {
        case .literal(let value): return Operand(value)
        case .zone: return .null
        case .column(let name):
            return Operand(Self.column(name, expression.type, of: batch))
        case .widened(let operand), .cast(let operand):
            let value = evaluate(operand, active: active)
            guard let kernel = Cast.kernel(from: operand.type, to: expression.type) else {
                return value
            }
            return apply(kernel, [value], active: active)
        case .call(let name, let overload, let arguments):
            let (kernel, values) = expression.prepared(name, overload, arguments)
            return apply(kernel, evaluate(values, active: active), active: active)
        case .form(let form, let arguments):
            return evaluate(form, arguments, active: active)
        }
    }

    mutating func evaluate(
        _ arguments: some Sequence<TypedExpression>, active: BitLane
    ) -> [Operand] {
        arguments.map { evaluate($0, active: active) }
    }

    /// Runs a strict kernel: it is null where any operand is.
    mutating func apply(
        _ kernel: Kernel, _ operands: [Operand], active: BitLane
    ) -> Operand {
        var lanes: [Lanes] = []
        var validity = BitLane.constant(true)
        for operand in operands {
            guard case .rows(let values, let valid) = operand else { return .null }
            lanes.append(values)
            validity = validity.and(BitLane(valid))
        }
        var call = Invocation(
            operands: lanes, count: batch.rowCount, active: active, validity: validity)
        let result = kernel.columns(&call)
        faults.add(call.faults)
        switch call.validity {
        case .constant(let isValid): return isValid ? .rows(result, validity: nil) : .null
        case .bits(let bits): return .rows(result, validity: bits)
        }
    }

    /// The truth of a comparison of two operands of one type.
    mutating func compare(
        _ name: String, _ left: Operand, _ right: Operand, _ type: DataType
    ) -> Truth {
        let kernel = FunctionTable.kernel(name, [type, type])
        return Truth(apply(kernel, [left, right], active: .constant(true)))
    }
}

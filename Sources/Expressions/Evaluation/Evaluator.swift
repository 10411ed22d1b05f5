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
        case .column(let name):
            return Operand(Self.column(name, expression.type, of: batch))
        case .widened(let operand), .cast(let operand):
            return apply([operand], active: active) { $0.cast(to: expression.type) }
        case .call(let name, let overload, let arguments):
            guard let function = FunctionTable.functions[name] else {
                preconditionFailure("a checked expression calls functions of the table")
            }
            return apply(arguments, active: active, function.overloads[overload].kernel)
        case .form(let form, let arguments):
            return evaluate(form, arguments, active: active)
        }
    }

    /// Runs a strict kernel: it is null where any argument is.
    private mutating func apply(
        _ arguments: [TypedExpression], active: BitLane,
        _ kernel: (inout Invocation) -> Lanes
    ) -> Operand {
        var lanes: [Lanes] = []
        var validity = BitLane.constant(true)
        for argument in arguments {
            guard case .rows(let values, let valid) = evaluate(argument, active: active) else {
                continue
            }
            lanes.append(values)
            validity = validity.and(BitLane(valid))
        }
        guard lanes.count == arguments.count else { return .null }
        var call = Invocation(
            operands: lanes, count: batch.rowCount, active: active, validity: validity)
        let result = kernel(&call)
        faults.add(call.faults)
        switch call.validity {
        case .constant(let isValid): return isValid ? .rows(result, validity: nil) : .null
        case .bits(let bits): return .rows(result, validity: bits)
        }
    }

    private mutating func evaluate(
        _ form: TypedExpression.Form, _ arguments: [TypedExpression], active: BitLane
    ) -> Operand {
        switch form {
        case .and, .or:
            let left = Truth(evaluate(arguments[0], active: active))
            let isOpen = (form == .and ? left.isFalse : left.isTrue).inverted
            let right = Truth(evaluate(arguments[1], active: active.and(isOpen)))
            return form == .and ? left.and(right).operand : left.or(right).operand
        case .isNull, .isNotNull:
            let valid = evaluate(arguments[0], active: active).validity
            return .rows(.bits(form == .isNull ? valid.inverted : valid), validity: nil)
        case .conditional:
            let pick = Truth(evaluate(arguments[0], active: active)).isTrue
            let left = evaluate(arguments[1], active: active.and(pick))
            let right = evaluate(arguments[2], active: active.and(pick.inverted))
            return blend(pick, left, right, arguments[1].type)
        case .coalesce:
            return coalesce(arguments, active: active)
        }
    }

    private mutating func coalesce(_ arguments: [TypedExpression], active: BitLane) -> Operand {
        var result = Operand.null
        var missing = BitLane.constant(true)
        for argument in arguments {
            let next = evaluate(argument, active: active.and(missing))
            result = blend(missing.inverted, result, next, argument.type)
            missing = result.validity.inverted
            if case .constant(false) = missing { break }
        }
        return result
    }

    /// The rows of `left` where `pick` is set, else those of `right`.
    private func blend(
        _ pick: BitLane, _ left: Operand, _ right: Operand, _ type: DataType
    ) -> Operand {
        if case .constant(let isLeft) = pick { return isLeft ? left : right }
        let rows = pick.bitmap(count: batch.rowCount)
        let validity =
            pick.and(left.validity).or(pick.inverted.and(right.validity))
        let lanes: Lanes
        switch (left, right) {
        case (.null, .null): return .null
        case (.rows(let values, _), .null), (.null, .rows(let values, _)): lanes = values
        case (.rows(let first, let firstValid), .rows(let second, let secondValid)):
            lanes =
                first.blended(rows, second)
                ?? .list(blendLists(rows, (first, firstValid), (second, secondValid), type))
        }
        if left.validity.isAll, right.validity.isAll { return .rows(lanes, validity: nil) }
        return .rows(lanes, validity: validity.bitmap(count: batch.rowCount))
    }

    private func blendLists(
        _ rows: Bitmap, _ left: (Lanes, Bitmap?), _ right: (Lanes, Bitmap?), _ type: DataType
    ) -> Column {
        let first = Operand.rows(left.0, validity: left.1).column(type: type, count: rows.count)
        let second = Operand.rows(right.0, validity: right.1).column(type: type, count: rows.count)
        return Column(
            type: type,
            (0..<rows.count).map { rows[$0] ? first.scalar(at: $0) : second.scalar(at: $0) })
    }
}

import Columns
import Values

extension Evaluator {
    mutating func evaluate(
        _ form: TypedExpression.Form, _ arguments: [TypedExpression], active: BitLane
    ) -> Operand {
        switch form {
        case .and, .or: return logical(form, arguments, active: active)
        case .isNull, .isNotNull:
            let valid = evaluate(arguments[0], active: active).validity
            return .rows(.bits(form == .isNull ? valid.inverted : valid), validity: nil)
        case .conditional:
            let pick = Truth(evaluate(arguments[0], active: active)).isTrue
            let left = evaluate(arguments[1], active: active.and(pick))
            let right = evaluate(arguments[2], active: active.and(pick.inverted))
            return blend(pick, left, right)
        case .coalesce: return coalesce(arguments, active: active)
        case .searchedCase: return cases(nil, arguments[...], active: active)
        case .simpleCase:
            let subject = evaluate(arguments[0], active: active)
            return cases(
                (subject, arguments[0].type), arguments.dropFirst(), active: active)
        case .between, .in, .nullIf, .least, .greatest, .concat, .list:
            let operands = evaluate(arguments, active: active)
            return combine(form, operands, arguments[0].type, active: active)
        }
    }

    private mutating func logical(
        _ form: TypedExpression.Form, _ arguments: [TypedExpression], active: BitLane
    ) -> Operand {
        let left = Truth(evaluate(arguments[0], active: active))
        let isOpen = (form == .and ? left.isFalse : left.isTrue).inverted
        let right = Truth(evaluate(arguments[1], active: active.and(isOpen)))
        return form == .and ? left.and(right).operand : left.or(right).operand
    }

    private mutating func coalesce(_ arguments: [TypedExpression], active: BitLane) -> Operand {
        var result = Operand.null
        var missing = BitLane.constant(true)
        for argument in arguments {
            let next = evaluate(argument, active: active.and(missing))
            result = blend(missing.inverted, result, next)
            missing = result.validity.inverted
            if case .constant(false) = missing { break }
        }
        return result
    }

    /// Pairs of what to look for and its result, and the result of everything else.
    private mutating func cases(
        _ subject: (operand: Operand, type: DataType)?, _ arms: ArraySlice<TypedExpression>,
        active: BitLane
    ) -> Operand {
        var result = Operand.null
        var isOpen = BitLane.constant(true)
        var arms = arms
        while arms.count >= 2, let label = arms.popFirst(), let outcome = arms.popFirst() {
            let value = evaluate(label, active: active.and(isOpen))
            let truth = subject.map { compare("=", $0.operand, value, $0.type) } ?? Truth(value)
            let pick = isOpen.and(truth.isTrue)
            result = blend(pick, evaluate(outcome, active: active.and(pick)), result)
            isOpen = isOpen.and(truth.isTrue.inverted)
        }
        guard let rest = arms.first else { return result }
        return blend(isOpen, evaluate(rest, active: active.and(isOpen)), result)
    }

    /// Forms that need all their operands, of one type, but not all of them non-null.
    private mutating func combine(
        _ form: TypedExpression.Form, _ operands: [Operand], _ type: DataType, active: BitLane
    ) -> Operand {
        switch form {
        case .between:
            let low = compare(">=", operands[0], operands[1], type)
            return low.and(compare("<=", operands[0], operands[2], type)).operand
        case .in:
            var truth = compare("=", operands[0], operands[1], type)
            for item in operands.dropFirst(2) {
                truth = truth.or(compare("=", operands[0], item, type))
            }
            return truth.operand
        case .nullIf:
            let isEqual = compare("=", operands[0], operands[1], type).isTrue
            return blend(isEqual, .null, operands[0])
        case .concat: return concatenate(operands, active: active)
        case .list: return list(operands, type)
        default:
            let name = form == .least ? "<=" : ">="
            return operands.dropFirst().reduce(operands[0]) { best, next in
                let keeps = compare(name, best, next, type).isTrue.or(next.validity.inverted)
                return blend(keeps.and(best.validity), best, next)
            }
        }
    }

    private mutating func concatenate(_ operands: [Operand], active: BitLane) -> Operand {
        let empty = Operand.rows(.bytes(BytesLane("")), validity: nil)
        let join = FunctionTable.kernel("||", [.string, .string])
        var result = empty
        for operand in operands {
            let text = blend(operand.validity, operand, empty)
            result = apply(join, [result, text], active: active)
        }
        return result
    }

    /// For every row the list of the operands' values.
    private func list(_ operands: [Operand], _ type: DataType) -> Operand {
        let isConstant = operands.allSatisfy(\.isConstant)
        let rows = isConstant ? 1 : batch.rowCount
        let parts = operands.map { $0.column(type: type, count: rows) }
        var addresses = FixedValuesBuilder<RowAddress>(capacity: rows * parts.count)
        var offsets = FixedValuesBuilder<Int32>(capacity: rows + 1)
        offsets.append(0)
        for row in 0..<rows {
            for part in parts.indices {
                addresses.append(RowAddress(part: Int32(part), row: Int32(row)))
            }
            offsets.append(Int32((row + 1) * parts.count))
        }
        let elements = Column(type: type, parts: parts, at: addresses.finish())
        let column = Column(
            type: .list(type), count: rows,
            storage: .list(offsets: offsets.finish(), elements: elements))
        return .rows(.list(ListLane(column: column, isConstant: isConstant)), validity: nil)
    }

    /// The rows of `left` where `pick` is set, else those of `right`.
    private func blend(_ pick: BitLane, _ left: Operand, _ right: Operand) -> Operand {
        if case .constant(let isLeft) = pick { return isLeft ? left : right }
        let rows = pick.bitmap(count: batch.rowCount)
        let validity =
            pick.and(left.validity).or(pick.inverted.and(right.validity))
        let lanes: Lanes
        switch (left, right) {
        case (.null, .null): return .null
        case (.rows(let values, _), .null), (.null, .rows(let values, _)): lanes = values
        case (.rows(let first, _), .rows(let second, _)): lanes = first.blended(rows, second)
        }
        if left.validity.isAll, right.validity.isAll { return .rows(lanes, validity: nil) }
        return .rows(lanes, validity: validity.bitmap(count: batch.rowCount))
    }
}

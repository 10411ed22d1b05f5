import Columns
import Values

extension Cast {
    /// Lists of floats as vectors of `length`: null, and counted, where the length differs or an
    /// element is null.
    static func toVector(length: Int) -> Kernel {
        Kernel(
            columns: { call in call.vectors(length: length) },
            cells: .one { cell, faults in
                guard case .list(let list) = cell else { return .null }
                if list.isVector(of: length) { return cell }
                faults.add(.badCast)
                return .null
            })
    }
}

extension ListCell {
    fileprivate func isVector(of length: Int) -> Bool {
        range.count == length && !range.contains { elements.isNull($0) }
    }
}

extension Invocation {
    fileprivate mutating func vectors(length: Int) -> Lanes {
        guard case .list(let lane) = operands[0] else { mismatch() }
        let type = DataType.vector(length: length)
        if let column = lane.column.widened(to: type) {
            return .list(ListLane(column: column, isConstant: lane.isConstant))
        }
        let scalars = (0..<lane.column.count).map { row -> Scalar in
            guard case .list(let items) = lane.column.scalar(at: row), items.count == length,
                !items.contains(.null)
            else { return .null }
            return .list(items)
        }
        let column = Column(type: type, scalars)
        fail(
            lane.isConstant
                ? .constant(scalars[0] == .null)
                : .bits(packed(count: count) { scalars[$0] == .null }),
            .badCast)
        return .list(ListLane(column: column, isConstant: lane.isConstant))
    }
}

import Values

extension Partial {
    /// Adds the rows of a state that `encodeState` wrote of the same function and type: as reading
    /// it and merging it, without a place of its own for it.
    package mutating func mergeState(from reader: inout StateReader) throws(AggregateError) {
        let isInteger = inputType?.isInteger ?? false
        switch state {
        case .count: state.combine(.count(RunningCount(try reader.readRowCount())), .merge)
        case .sum: state.merge(try RunningSum(from: &reader, isInteger: isInteger))
        case .moments: state.merge(try RunningMoments(from: &reader, isInteger: isInteger))
        default:
            var other = self
            other.reset()
            try other.readState(from: &reader)
            merge(other)
        }
    }
}

extension Partial.State {
    fileprivate mutating func merge(_ other: RunningSum) {
        guard case .sum(var sum) = consume self else {
            preconditionFailure("states of different aggregates do not merge")
        }
        sum.update { $0.merge(other) }
        self = .sum(sum)
    }

    fileprivate mutating func merge(_ other: RunningMoments) {
        guard case .moments(var moments) = consume self else {
            preconditionFailure("states of different aggregates do not merge")
        }
        moments.update { $0.merge(other) }
        self = .moments(moments)
    }
}

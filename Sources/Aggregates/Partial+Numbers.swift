import Values

extension Partial.State {
    /// What `combine` does with the other state.
    enum Combination { case merge, subtract }

    /// Adds a value to a state of numbers.
    mutating func add(_ value: Scalar) {
        switch (self, value) {
        case (.integerSum(var sum), .integer(let integer)):
            sum.add(integer)
            self = .integerSum(sum)
        case (.sum(var sum), .double(let double)):
            self = .count(RunningCount())
            sum.add(double)
            self = .sum(sum)
        case (.mean(var mean), _):
            self = .count(RunningCount())
            mean.add(value)
            self = .mean(mean)
        case (.moments(var moments), _):
            self = .count(RunningCount())
            moments.add(value)
            self = .moments(moments)
        default: preconditionFailure("a value has another type than its aggregate")
        }
    }

    /// Merges or subtracts a state of numbers of the same kind.
    mutating func combine(_ other: Partial.State, _ combination: Combination) {
        let merges = combination == .merge
        switch (self, other) {
        case (.count(var count), .count(let other)):
            merges ? count.merge(other) : count.subtract(other)
            self = .count(count)
        case (.integerSum(var sum), .integerSum(let other)):
            merges ? sum.merge(other) : sum.subtract(other)
            self = .integerSum(sum)
        case (.sum(var sum), .sum(let other)):
            merges ? sum.merge(other) : sum.subtract(other)
            self = .sum(sum)
        case (.mean(var mean), .mean(let other)):
            merges ? mean.merge(other) : mean.subtract(other)
            self = .mean(mean)
        case (.moments(var moments), .moments(let other)):
            merges ? moments.merge(other) : moments.subtract(other)
            self = .moments(moments)
        default: preconditionFailure("states of different aggregates do not merge")
        }
    }
}

extension RunningMean {
    fileprivate mutating func add(_ value: Scalar) {
        switch value {
        case .double(let double): add(double)
        case .integer(let integer): add(integer: integer)
        default: preconditionFailure("a mean takes numbers")
        }
    }
}

extension RunningMoments {
    fileprivate mutating func add(_ value: Scalar) {
        switch value {
        case .double(let double): add(double)
        case .integer(let integer): add(integer: integer)
        default: preconditionFailure("a variance takes numbers")
        }
    }
}

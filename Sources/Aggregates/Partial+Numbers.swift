import Values

// A state is taken out of `self` (`consume`) before it changes, so that its box stays unshared and
// changes in place.

extension Partial.State {
    /// What `combine` does with the other state.
    enum Combination { case merge, subtract }

    /// Adds an integer to a state of integers.
    mutating func add(_ value: Int64) {
        switch self {
        case .integerSum:
            guard case .integerSum(var sum) = consume self else { break }
            sum.update { $0.add(value) }
            self = .integerSum(sum)
            return
        case .sum:
            guard case .sum(var sum) = consume self else { break }
            sum.update { $0.add(integer: value) }
            self = .sum(sum)
            return
        case .moments:
            guard case .moments(var moments) = consume self else { break }
            moments.update { $0.add(integer: value) }
            self = .moments(moments)
            return
        default: break
        }
        preconditionFailure("an integer has no place in this state")
    }

    /// Adds a double to a state of doubles.
    mutating func add(_ value: Double) {
        switch self {
        case .sum:
            guard case .sum(var sum) = consume self else { break }
            sum.update { $0.add(value) }
            self = .sum(sum)
            return
        case .moments:
            guard case .moments(var moments) = consume self else { break }
            moments.update { $0.add(value) }
            self = .moments(moments)
            return
        default: break
        }
        preconditionFailure("a double has no place in this state")
    }

    /// Adds the digits of a decimal to a state of decimals.
    mutating func add(decimal digits: Int128) {
        guard case .decimalSum(var sum) = consume self else {
            preconditionFailure("a decimal has no place in this state")
        }
        sum.update { $0.add(digits) }
        self = .decimalSum(sum)
    }

    /// Merges or subtracts a state of numbers of the same kind.
    mutating func combine(_ other: Partial.State, _ combination: Combination) {
        let merges = combination == .merge
        switch other {
        case .count(let other):
            guard case .count(var count) = self else { break }
            merges ? count.merge(other) : count.subtract(other)
            self = .count(count)
            return
        case .integerSum(let other):
            guard case .integerSum(var sum) = consume self else { break }
            sum.update { merges ? $0.merge(other.value) : $0.subtract(other.value) }
            self = .integerSum(sum)
            return
        case .decimalSum(let other):
            guard case .decimalSum(var sum) = consume self else { break }
            sum.update { merges ? $0.merge(other.value) : $0.subtract(other.value) }
            self = .decimalSum(sum)
            return
        case .sum(let other):
            guard case .sum(var sum) = consume self else { break }
            sum.update { merges ? $0.merge(other.value) : $0.subtract(other.value) }
            self = .sum(sum)
            return
        case .moments(let other):
            guard case .moments(var moments) = consume self else { break }
            moments.update { merges ? $0.merge(other.value) : $0.subtract(other.value) }
            self = .moments(moments)
            return
        case .extreme, .rows: break
        case .distinct, .smallest, .quantiles, .greatest, .histogram, .decayed:
            return combineSketch(other, combination)
        }
        preconditionFailure("states of different aggregates do not merge")
    }
}

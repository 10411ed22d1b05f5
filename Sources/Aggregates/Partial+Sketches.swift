import Values

// The states of the aggregates that keep several things: as for numbers, a state is taken out of
// `self` before it changes, so that its box stays unshared.

extension Partial.State {
    /// Adds a value, told by its hash.
    mutating func add(hash: UInt64) {
        switch self {
        case .distinct:
            guard case .distinct(var sketch) = consume self else { break }
            sketch.update { $0.insert(hash) }
            self = .distinct(sketch)
            return
        case .smallest:
            guard case .smallest(var hashes) = consume self else { break }
            hashes.update { $0.insert(hash) }
            self = .smallest(hashes)
            return
        default: break
        }
        preconditionFailure("a hash has no place in this state")
    }

    /// Adds a value, which is canonical.
    mutating func add(value: Scalar) {
        guard case .greatest(var values) = consume self else {
            preconditionFailure("a value has no place in this state")
        }
        values.update { $0.add(value) }
        self = .greatest(values)
    }

    /// Adds a number of a row at `time` to the state of `function`.
    mutating func add(number: Double, at time: EventTime, for function: AggregateFunction) {
        switch self {
        case .quantiles:
            guard case .quantiles(var sketch) = consume self else { break }
            sketch.update { $0.add(QuantileBucket.index(of: number)) }
            self = .quantiles(sketch)
            return
        case .histogram:
            guard case .histogram(let edges) = function,
                case .histogram(var counts) = consume self
            else { break }
            counts.update { $0.add(edges.bin(of: number)) }
            self = .histogram(counts)
            return
        case .decayed:
            guard case .decayed(var sums) = consume self else { break }
            sums.update { $0.add(number, at: time) }
            self = .decayed(sums)
            return
        default: break
        }
        preconditionFailure("a number has no place in this state")
    }

    /// Merges or subtracts a state of the same kind.
    mutating func combineSketch(_ other: Partial.State, _ combination: Combination) {
        switch (consume self, other) {
        case (.distinct(var sketch), .distinct(let other)):
            sketch.update { $0.merge(other.value) }
            self = .distinct(sketch)
        case (.smallest(var hashes), .smallest(let other)):
            hashes.update { $0.merge(other.value) }
            self = .smallest(hashes)
        case (.quantiles(var sketch), .quantiles(let other)):
            sketch.update { $0.merge(other.value) }
            self = .quantiles(sketch)
        case (.greatest(var values), .greatest(let other)):
            values.update { $0.merge(other.value) }
            self = .greatest(values)
        case (.histogram(var counts), .histogram(let other)):
            counts.update {
                combination == .merge ? $0.merge(other.value) : $0.subtract(other.value)
            }
            self = .histogram(counts)
        case (.decayed(var sums), .decayed(let other)):
            sums.update {
                combination == .merge ? $0.merge(other.value) : $0.subtract(other.value)
            }
            self = .decayed(sums)
        default: preconditionFailure("states of different aggregates do not merge")
        }
    }
}

extension Scalar {
    /// A number as a double, integers and decimals rounded to nearest even.
    var number: Double {
        switch self {
        case .integer(let value): return Double(value)
        case .decimal(let value): return value.double
        case .double(let value): return value
        default: preconditionFailure("the aggregate takes numbers")
        }
    }
}

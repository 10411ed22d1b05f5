import Aggregates
import Columns
import Values

// The sweeps of the aggregates that keep several things.

extension FeatureSweeper {
    /// Answers `distinct`, `distinct_exact`, `quantile`, `top`, `histogram` and `decayed_sum`.
    func sketch(
        _ function: AggregateFunction, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        switch function {
        case .distinct:
            return run(DistinctCount(), input, input.valueHashes, sweep, &result)
        case .distinctExact(let cap):
            return run(CappedDistinctCount(cap: cap), input, input.valueHashes, sweep, &result)
        case .quantile(let quantile):
            let places = input.numbersAsDoubles.places
            return run(RunningQuantile(quantile: quantile), input, places, sweep, &result)
        case .top(let length): return top(length, input, sweep, &result)
        case .histogram(let edges):
            var state = HistogramState(input: input, edges: edges, queries: queryCount)
            result.overflowedKeys += sweep.run(&state)
            return state.finish()
        case .decayedSum(let halfLife):
            var state = DecayedState(
                input: input, halfLife: halfLife, times: rows.eventTimes, seen: times.seen)
            result.overflowedKeys += sweep.run(&state)
            return state.finish()
        default: preconditionFailure("\(function) has a sweep of its own")
        }
    }

    private func top(
        _ length: Int, _ input: Column, _ sweep: WindowSweep, _ result: inout PartitionResult
    ) -> Column {
        if let keys = input.sortKeys {
            return top(length, IntegerOrder(keys: keys), input, sweep, &result)
        }
        switch input.storage {
        case .int128(let values):
            return top(length, DecimalOrder(values: values), input, sweep, &result)
        case .bytes(let values):
            return top(length, BytesOrder(values: values), input, sweep, &result)
        default: preconditionFailure("values of type \(input.type) have no order")
        }
    }

    private func top(
        _ length: Int, _ order: some RowOrder, _ input: Column, _ sweep: WindowSweep,
        _ result: inout PartitionResult
    ) -> Column {
        var state = TopState(
            input: input, order: order, starts: rows.starts, limit: length, queries: queryCount)
        result.overflowedKeys += sweep.run(&state)
        return state.finish()
    }
}

extension FixedValues where Element == Double {
    /// The place of each value in a quantile sketch.
    fileprivate var places: FixedValues<Int32> {
        var builder = FixedValuesBuilder<Int32>(capacity: count)
        for row in 0..<count { builder.append(QuantileBucket.index(of: self[row])) }
        return builder.finish()
    }
}

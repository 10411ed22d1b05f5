import Aggregates
import Columns
import Expressions
import Values

// Aggregates that can be taken back exactly: a row is added when it enters the window and removed
// when it leaves, and because their accumulators are exact nothing is lost on the way.

/// Folds the values of an input that are not null; `Count` without an input folds all rows.
struct RunningState<Running: RunningAggregate>: WindowState, ~Copyable {
    private let nulls: NullRows
    private let values: FixedValues<Running.Value>
    private var running: Running
    private var results: FixedValuesBuilder<Running.Result>
    private var validity: BitmapBuilder
    /// How many results were null because they did not fit their type.
    private(set) var overflows = 0

    /// Folds `values` into `running` where `input` is not null.
    init(_ running: Running, input: Column?, values: FixedValues<Running.Value>, queries: Int) {
        nulls = NullRows(of: input)
        self.values = values
        self.running = running
        results = FixedValuesBuilder(capacity: queries)
        validity = BitmapBuilder(capacity: queries)
    }

    mutating func reset() { running.reset() }

    mutating func enter(position: Int, row: Int) {
        if !nulls[row] { running.add(values[row]) }
    }

    mutating func leave(position: Int, row: Int) {
        if !nulls[row] { running.remove(values[row]) }
    }

    mutating func emit(lowest: Int) {
        let result = running.result
        if result == nil, running.overflows { overflows += 1 }
        results.append(result ?? .zero)
        validity.append(result != nil)
    }

    consuming func finish() -> Column {
        let type = running.type
        let results = results.finish()
        return Column(
            type: type, count: results.count, storage: Running.storage(of: results),
            validity: validity.finish())
    }
}

extension Column {
    /// The values of an integer column, 64 bits wide.
    var widenedIntegers: FixedValues<Int64> {
        switch storage {
        case .int64(let values): return values
        case .int32(let values):
            var builder = FixedValuesBuilder<Int64>(capacity: count)
            for row in 0..<count { builder.append(Int64(values[row])) }
            return builder.finish()
        default: preconditionFailure("not a column of integers")
        }
    }

    /// The values of a floating-point column, as doubles.
    var widenedDoubles: FixedValues<Double> {
        switch storage {
        case .double(let values): return values
        case .float(let values):
            var builder = FixedValuesBuilder<Double>(capacity: count)
            for row in 0..<count { builder.append(Double(values[row])) }
            return builder.finish()
        default: preconditionFailure("not a column of floating-point numbers")
        }
    }
}

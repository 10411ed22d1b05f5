import Aggregates
import Columns
import Expressions
import Values

// Aggregates that can be taken back exactly: a row is added when it enters the window and removed
// when it leaves, and because their accumulators are exact nothing is lost on the way.

/// Counts rows, or the values of an input that are not null.
struct CountState: WindowState, ~Copyable {
    private let nulls: NullRows
    private var running = RunningCount()
    private var results: FixedValuesBuilder<Int64>

    /// Counts the non-null values of `input`, or all rows when it is nil.
    init(input: Column?, queries: Int) {
        nulls = NullRows(of: input)
        results = FixedValuesBuilder(capacity: queries)
    }

    mutating func reset() { running.reset() }

    mutating func enter(position: Int, row: Int) {
        if !nulls[row] { running.add() }
    }

    mutating func leave(position: Int, row: Int) {
        if !nulls[row] { running.remove() }
    }

    mutating func emit(lowest: Int) { results.append(running.value) }

    consuming func finish() -> Column {
        let values = results.finish()
        return Column(type: .int64, count: values.count, storage: .int64(values))
    }
}

/// Sums integers.
struct IntegerSumState: WindowState, ~Copyable {
    private let nulls: NullRows
    private let values: FixedValues<Int64>
    private var running = RunningIntegerSum()
    private var results: FixedValuesBuilder<Int64>
    private var validity: BitmapBuilder
    /// How many sums did not fit 64 bits and became null.
    private(set) var overflows = 0

    init(input: Column, queries: Int) {
        nulls = NullRows(of: input)
        values = input.widenedIntegers
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
        let value = running.value
        if value == nil, running.overflows { overflows += 1 }
        results.append(value ?? 0)
        validity.append(value != nil)
    }

    consuming func finish() -> Column {
        let values = results.finish()
        return Column(
            type: .int64, count: values.count, storage: .int64(values),
            validity: validity.finish())
    }
}

/// What the aggregates with a double as their result have in common.
protocol RunningAggregate {
    /// The type of the values that are folded.
    associatedtype Value: BitwiseCopyable & Sendable
    mutating func reset()
    mutating func add(_ value: Value)
    mutating func remove(_ value: Value)
    /// The aggregate; nil when too few values were added.
    var result: Double? { get }
}

/// Folds the values of an input that are not null into an aggregate that is a double.
struct RunningState<Running: RunningAggregate>: WindowState, ~Copyable {
    private let nulls: NullRows
    private let values: FixedValues<Running.Value>
    private var running: Running
    private var results: FixedValuesBuilder<Double>
    private var validity: BitmapBuilder

    init(_ running: Running, input: Column, values: FixedValues<Running.Value>, queries: Int) {
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
        let value = running.result
        results.append(value ?? 0)
        validity.append(value != nil)
    }

    consuming func finish() -> Column {
        let values = results.finish()
        return Column(
            type: .double, count: values.count, storage: .double(values),
            validity: validity.finish())
    }
}

extension RunningSum: RunningAggregate {
    var result: Double? { value }
}

extension RunningMean: RunningAggregate {
    var result: Double? { value }
}

/// The mean of integers.
struct IntegerMean: RunningAggregate {
    private var running = RunningMean(of: .integers)

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int64) { running.add(integer: value) }
    mutating func remove(_ value: Int64) { running.remove(integer: value) }
    var result: Double? { running.value }
}

/// The sample variance of doubles, or its square root.
struct Spread: RunningAggregate {
    let isDeviation: Bool
    private var running = RunningMoments()

    init(isDeviation: Bool) { self.isDeviation = isDeviation }

    mutating func reset() { running.reset() }
    mutating func add(_ value: Double) { running.add(value) }
    mutating func remove(_ value: Double) { running.remove(value) }
    var result: Double? { isDeviation ? running.standardDeviation : running.variance }
}

/// The sample variance of integers, or its square root.
struct IntegerSpread: RunningAggregate {
    let isDeviation: Bool
    private var running = RunningMoments.ofIntegers()

    init(isDeviation: Bool) { self.isDeviation = isDeviation }

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int64) { running.add(integer: value) }
    mutating func remove(_ value: Int64) { running.remove(integer: value) }
    var result: Double? { isDeviation ? running.standardDeviation : running.variance }
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

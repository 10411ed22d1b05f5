import Aggregates
import Columns
import Values

/// An aggregate to which values are added and from which they are taken away, exactly.
protocol RunningAggregate {
    /// The values that are folded.
    associatedtype Value: BitwiseCopyable & Sendable
    /// The value of the aggregate.
    associatedtype Result: BitwiseCopyable & Sendable & AdditiveArithmetic
    /// The type of the feature.
    var type: DataType { get }
    /// The results as a column's memory.
    static func storage(of results: FixedValues<Result>) -> Column.Storage

    mutating func reset()
    mutating func add(_ value: Value)
    mutating func remove(_ value: Value)
    /// The aggregate; nil when too few values were added or it does not fit its type.
    var result: Result? { get }
    /// Whether `result` is nil because it does not fit its type.
    var overflows: Bool { get }
}

extension RunningAggregate {
    var overflows: Bool { false }
}

extension RunningAggregate where Result == Int64 {
    var type: DataType { .int64 }

    static func storage(of results: FixedValues<Int64>) -> Column.Storage { .int64(results) }
}

extension RunningAggregate where Result == Double {
    var type: DataType { .double }

    static func storage(of results: FixedValues<Double>) -> Column.Storage { .double(results) }
}

extension RunningIntegerSum: RunningAggregate {
    var result: Int64? { value }
}

extension RunningSum: RunningAggregate {
    var result: Double? { value }
}

/// Counts values.
struct Count: RunningAggregate {
    private var running = RunningCount()

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int32) { running.add() }
    mutating func remove(_ value: Int32) { running.remove() }
    var result: Int64? { running.value }
}

/// The mean of doubles.
struct Mean: RunningAggregate {
    private var running = RunningSum()

    mutating func reset() { running.reset() }
    mutating func add(_ value: Double) { running.add(value) }
    mutating func remove(_ value: Double) { running.remove(value) }
    var result: Double? { running.mean }
}

/// The mean of integers.
struct IntegerMean: RunningAggregate {
    private var running = RunningSum(of: .integers)

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int64) { running.add(integer: value) }
    mutating func remove(_ value: Int64) { running.remove(integer: value) }
    var result: Double? { running.mean }
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

/// The sum of decimals of one scale.
struct DecimalSum: RunningAggregate {
    let scale: Int
    private var running = RunningDecimalSum()

    init(scale: Int) { self.scale = scale }

    var type: DataType { .decimal(precision: Decimal128.greatestPrecision, scale: scale) }
    static func storage(of results: FixedValues<Int128>) -> Column.Storage { .int128(results) }

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int128) { running.add(value) }
    mutating func remove(_ value: Int128) { running.remove(value) }
    var result: Int128? { running.value }
    var overflows: Bool { running.overflows }
}

/// The mean of decimals of one scale.
struct DecimalMean: RunningAggregate {
    let scale: Int
    private var running = RunningDecimalSum()

    init(scale: Int) { self.scale = scale }

    mutating func reset() { running.reset() }
    mutating func add(_ value: Int128) { running.add(value) }
    mutating func remove(_ value: Int128) { running.remove(value) }
    var result: Double? { running.mean(scale: scale) }
}

/// What turns the values of many rows into one.
public enum AggregateFunction: Hashable, Sendable {
    /// `count()` counts rows, `count(x)` values that are not null.
    case count
    case sum
    case mean
    /// The sample variance.
    case variance
    /// The sample standard deviation.
    case stddev
    case min
    case max
    /// The oldest value that is not null.
    case first
    /// The newest value that is not null.
    case last
    /// `first(x, n)`: the oldest values that are not null, as a list, oldest first.
    case firstValues(Int)
    /// `last(x, n)`: the newest values that are not null, as a list, oldest first.
    case lastValues(Int)
}

extension AggregateFunction {
    /// The names of the definition language.
    public static let allNames = [
        "count", "sum", "mean", "variance", "stddev", "min", "max", "first", "last",
    ]

    /// The greatest n of `first(x, n)` and `last(x, n)`.
    public static let greatestListLength = 10_000

    /// Whether `name` takes a second argument, the length of a list.
    public static func takesLength(name: String) -> Bool { name == "first" || name == "last" }

    /// The function called `name` in the definition language; nil for an unknown name, a length
    /// where none belongs, and one that is not within 1 and `greatestListLength`.
    ///
    /// - Parameters:
    ///   - name: one of `allNames`.
    ///   - length: the n of `first(x, n)` and `last(x, n)`; nil for every other form.
    public init?(name: String, length: Int? = nil) {
        if let length {
            guard (1...Self.greatestListLength).contains(length) else { return nil }
            switch name {
            case "first": self = .firstValues(length)
            case "last": self = .lastValues(length)
            default: return nil
            }
            return
        }
        let plain: [AggregateFunction] = [
            .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last,
        ]
        guard let function = plain.first(where: { $0.name == name }) else { return nil }
        self = function
    }

    /// The name in the definition language, without a length.
    public var name: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .mean: "mean"
        case .variance: "variance"
        case .stddev: "stddev"
        case .min: "min"
        case .max: "max"
        case .first, .firstValues: "first"
        case .last, .lastValues: "last"
        }
    }

    /// The n of `first(x, n)` and `last(x, n)`; nil for everything else.
    public var length: Int? {
        switch self {
        case .firstValues(let length), .lastValues(let length): length
        default: nil
        }
    }

    /// Whether it must have an argument; `count` may have one.
    public var requiresArgument: Bool { self != .count }

    /// Whether rows can be taken away from its state again, exactly.
    public var isInvertible: Bool {
        switch self {
        case .count, .sum, .mean, .variance, .stddev: true
        case .min, .max, .first, .last, .firstValues, .lastValues: false
        }
    }
}

extension AggregateFunction: CustomStringConvertible {
    /// The canonical text for digests: the name, with the length in brackets if there is one.
    public var description: String { length.map { "\(name)[\($0)]" } ?? name }
}

public import Columns
public import Values

extension Scalar {
    /// Whether it is the very same value: NaN is NaN, and -0 is not +0.
    public func isIdentical(to other: Scalar) -> Bool {
        switch (self, other) {
        case (.double(let left), .double(let right)):
            left.isNaN ? right.isNaN : left.bitPattern == right.bitPattern
        case (.list(let left), .list(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
        default: self == other
        }
    }
}

extension Column {
    /// All values, for comparing with an array.
    public var scalars: [Scalar] { (0..<count).map { scalar(at: $0) } }

    /// Whether it holds exactly `values`, NaN being NaN.
    public func holds(_ values: [Scalar]) -> Bool {
        count == values.count && zip(scalars, values).allSatisfy { $0.isIdentical(to: $1) }
    }
}

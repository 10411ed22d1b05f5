public import Values

/// The order of values that decides min, max and ties: null first, false before true, strings and
/// bytes by their bytes, NaN greatest.
///
/// It never looks at an encoding, and it is total on the values of one type, so what it decides
/// depends on nothing else.
public enum ValueOrder {
    /// -1, 0 or 1 as `left` comes before, together with or after `right`.
    ///
    /// Complexity: O(1), for strings and bytes O(length).
    public static func compare(_ left: Scalar, _ right: Scalar) -> Int {
        switch (left, right) {
        case (.null, .null): 0
        case (.bool(let one), .bool(let other)): compare(one ? 1 : 0, other ? 1 : 0)
        case (.integer(let one), .integer(let other)): compare(one, other)
        case (.double(let one), .double(let other)): compare(one, other)
        case (.string(let one), .string(let other)): compareAll(one.utf8, other.utf8, by: compare)
        case (.bytes(let one), .bytes(let other)): compareAll(one, other, by: compare)
        case (.timestamp(let one), .timestamp(let other)): compare(one, other)
        case (.date(let one), .date(let other)): compare(one, other)
        case (.duration(let one), .duration(let other)): compare(one, other)
        case (.decimal(let one), .decimal(let other)): compare(one, other)
        case (.list(let one), .list(let other)): compareAll(one, other, by: compare)
        default: compare(kind(left), kind(right))
        }
    }

    /// Whether `left` comes before `right`: NaN is greatest, and -0 is 0.
    @inlinable
    public static func precedes(_ left: Double, _ right: Double) -> Bool {
        left < right || (right.isNaN && !left.isNaN)
    }

    /// -1, 0 or 1 as `left` comes before, together with or after `right`.
    @inlinable
    public static func compare(_ left: Double, _ right: Double) -> Int {
        precedes(left, right) ? -1 : precedes(right, left) ? 1 : 0
    }

    private static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : right < left ? 1 : 0
    }

    private static func compareAll<Values: Sequence>(
        _ left: Values, _ right: Values, by compare: (Values.Element, Values.Element) -> Int
    ) -> Int {
        var others = right.makeIterator()
        for one in left {
            guard let other = others.next() else { return 1 }
            let order = compare(one, other)
            if order != 0 { return order }
        }
        return others.next() == nil ? 0 : -1
    }

    /// Values of two kinds never meet in a column; null comes before all.
    private static func kind(_ value: Scalar) -> Int {
        switch value {
        case .null: 0
        case .bool: 1
        case .integer: 2
        case .double: 3
        case .string: 4
        case .bytes: 5
        case .timestamp: 6
        case .date: 7
        case .duration: 8
        case .list: 9
        case .decimal: 10
        }
    }
}

extension Double {
    /// The value as results have it: 0 for -0, and the one quiet NaN for every NaN.
    @inlinable
    public var canonical: Double {
        isNaN ? Double(bitPattern: 0x7ff8_0000_0000_0000) : self + 0
    }
}

extension Scalar {
    /// The value with its doubles canonical, those of a list too.
    package var canonical: Scalar {
        switch self {
        case .double(let value): .double(value.canonical)
        case .list(let items): .list(items.map(\.canonical))
        default: self
        }
    }
}

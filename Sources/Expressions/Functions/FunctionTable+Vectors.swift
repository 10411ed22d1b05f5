import Values

extension FunctionTable {
    static let vectors: [Function] = [
        Function(
            "dot",
            pairs(
                Products { products in (products.both, .none) })),
        Function(
            "cosine",
            pairs(
                Products { products in
                    let lengths = products.lengths
                    let cosine = products.both / lengths
                    // Rounding may leave the range of a cosine by a unit in the last place.
                    let value = cosine.isNaN ? cosine : min(1, max(-1, cosine))
                    return (value, lengths == 0 ? .domain : .none)
                })),
    ]

    /// One overload for every two kinds of numbers.
    private static func pairs(_ finish: Products) -> [Overload] {
        pairs(.float, Float.self, finish) + pairs(.double, Double.self, finish)
            + pairs(.int64, Int64.self, finish) + pairs(.int32, Int32.self, finish)
    }

    private static func pairs<A: ListElement & ListNumber>(
        _ left: DataType, _: A.Type, _ finish: Products
    ) -> [Overload] {
        [
            pair(left, .float, A.self, Float.self, finish),
            pair(left, .double, A.self, Double.self, finish),
            pair(left, .int64, A.self, Int64.self, finish),
            pair(left, .int32, A.self, Int32.self, finish),
        ]
    }

    private static func pair<A: ListElement & ListNumber, B: ListElement & ListNumber>(
        _ left: DataType, _ right: DataType, _: A.Type, _: B.Type, _ products: Products
    ) -> Overload {
        Overload(
            [.list(left), .list(right)], .double,
            .checked { (a: ListView<A>, b: ListView<B>) in
                guard a.count == b.count else { return (0 as Double, .domain) }
                var sums = Products.Sums()
                for index in 0..<a.count {
                    guard let x = a[index]?.double, let y = b[index]?.double else {
                        return (0 as Double, .absent)
                    }
                    sums.both += x * y
                    sums.left += x * x
                    sums.right += y * y
                }
                return products.finish(sums)
            })
    }
}

/// What two vectors make of the sums of their products, taken in order.
private struct Products: Sendable {
    struct Sums {
        var both = 0.0
        var left = 0.0
        var right = 0.0

        /// The product of both lengths, which of one vector with itself is exact.
        var lengths: Double {
            let product = left * right
            return product.isNormal
                ? product.squareRoot() : left.squareRoot() * right.squareRoot()
        }
    }

    let finish: @Sendable (Sums) -> (Double, Fault)

    init(_ finish: @escaping @Sendable (Sums) -> (Double, Fault)) {
        self.finish = finish
    }
}

/// A number in a list that is calculated with as a double.
private protocol ListNumber {
    var double: Double { get }
}

extension Float: ListNumber { fileprivate var double: Double { Double(self) } }
extension Double: ListNumber { fileprivate var double: Double { self } }
extension Int32: ListNumber { fileprivate var double: Double { Double(self) } }
extension Int64: ListNumber { fileprivate var double: Double { Double(self) } }

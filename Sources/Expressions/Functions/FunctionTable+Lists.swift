import Values

extension FunctionTable {
    static let lists: [Function] = [
        Function(
            "list_length",
            [
                Overload([.anyList], .int64) { _ in
                    .map { (list: ListView<AnyElement>) in Int64(list.count) }
                }
            ]),
        Function(
            "list_element",
            [
                element(.int64, Int64.self), element(.double, Double.self),
                element(.int32, Int32.self), element(.float, Float.self),
                element(.bool, Bool.self), element(.timestamp, Int64.self),
                element(.date, Int32.self), textElement(.string), textElement(.bytes),
            ]),
        Function(
            "list_contains",
            [
                contains(.int64, .int64) { (a: Int64, b: Int64) in a == b },
                contains(.int32, .int64) { (a: Int32, b: Int64) in Int64(a) == b },
                contains(.double, .double) { (a: Double, b: Double) in isEqual(a, b) },
                contains(.float, .double) { (a: Float, b: Double) in isEqual(Double(a), b) },
                contains(.int64, .double) { (a: Int64, b: Double) in Double(a) == b },
                contains(.int32, .double) { (a: Int32, b: Double) in Double(a) == b },
                contains(.bool, .bool) { (a: Bool, b: Bool) in a == b },
                contains(.timestamp, .timestamp) { (a: Int64, b: Int64) in a == b },
                contains(.date, .date) { (a: Int32, b: Int32) in a == b },
                contains(.string, .string) { (a: Text, b: Text) in a == b },
                contains(.bytes, .bytes) { (a: Text, b: Text) in a == b },
            ]),
    ]

    private static func element<E: ListElement & KernelResult & Defaulted>(
        _ type: DataType, _: E.Type
    ) -> Overload {
        Overload(
            [.list(type), .int64], type,
            .checked { (list: ListView<E>, number: Int64) in
                if number == 0 { return (E.placeholder, .domain) }
                guard let index = list.index(of: number), let element = list[index] else {
                    return (E.placeholder, .absent)
                }
                return (element, .none)
            })
    }

    private static func textElement(_ type: DataType) -> Overload {
        Overload(
            [.list(type), .int64], type,
            .text { (list: ListView<Text>, number: Int64, text) in
                if number == 0 { return .domain }
                guard let index = list.index(of: number), let element = list[index] else {
                    return .absent
                }
                text.append(element)
                return .none
            })
    }

    private static func contains<E: ListElement, B: KernelValue>(
        _ type: DataType, _ other: DataType, _ isEqual: @escaping @Sendable (E, B) -> Bool
    ) -> Overload {
        Overload(
            [.list(type), other], .bool,
            .map { (list: ListView<E>, value: B) in
                for index in 0..<list.count {
                    if let element = list[index], isEqual(element, value) { return true }
                }
                return false
            })
    }

    static let listNumbers: [Function] = [
        Function(
            "list_sum",
            [
                sum(.int64, Int64.self), sum(.int32, Int32.self),
                sum(.double, Double.self), sum(.float, Float.self),
            ]),
        Function(
            "list_mean",
            [
                mean(.int64, Int64.self), mean(.int32, Int32.self),
                mean(.double, Double.self), mean(.float, Float.self),
            ]),
        Function(
            "list_min",
            extremes {
                $1 < $0
            } doubles: {
                isLess($1, $0)
            }),
        Function(
            "list_max",
            extremes {
                $0 < $1
            } doubles: {
                isLess($0, $1)
            }),
    ]

    private static func sum<E: ListElement & FixedWidthInteger>(
        _ type: DataType, _: E.Type
    ) -> Overload {
        Overload(
            [.list(type)], .int64,
            .checked { (list: ListView<E>) in
                let (sum, count) = total(of: list)
                if count == 0 { return (0 as Int64, .absent) }
                return Int64(exactly: sum).map { ($0, .none) } ?? (0, .overflow)
            })
    }

    private static func sum<E: ListElement & BinaryFloatingPoint>(
        _ type: DataType, _: E.Type
    ) -> Overload {
        Overload(
            [.list(type)], .double,
            .checked { (list: ListView<E>) in
                let (sum, count) = total(of: list)
                return (sum, count == 0 ? .absent : .none)
            })
    }

    private static func mean<E: ListElement & FixedWidthInteger>(
        _ type: DataType, _: E.Type
    ) -> Overload {
        Overload(
            [.list(type)], .double,
            .checked { (list: ListView<E>) in
                let (sum, count) = total(of: list)
                return (Double(sum) / Double(count), count == 0 ? .absent : .none)
            })
    }

    private static func mean<E: ListElement & BinaryFloatingPoint>(
        _ type: DataType, _: E.Type
    ) -> Overload {
        Overload(
            [.list(type)], .double,
            .checked { (list: ListView<E>) in
                let (sum, count) = total(of: list)
                return (sum / Double(count), count == 0 ? .absent : .none)
            })
    }

    /// The exact sum of a list's elements, and how many there are.
    private static func total<E: FixedWidthInteger>(
        of list: ListView<E>
    ) -> (sum: Int128, count: Int) {
        var (sum, count) = (Int128(0), 0)
        list.forEach {
            sum += Int128($0)
            count += 1
        }
        return (sum, count)
    }

    /// The sum of a list's elements, added in their order, and how many there are.
    private static func total<E: BinaryFloatingPoint>(
        of list: ListView<E>
    ) -> (sum: Double, count: Int) {
        var (sum, count) = (0.0, 0)
        list.forEach {
            sum += Double($0)
            count += 1
        }
        return (sum, count)
    }

    /// The element that no other one replaces, in the order of the language.
    private static func extremes(
        _ integers: @escaping @Sendable (Int64, Int64) -> Bool,
        doubles: @escaping @Sendable (Double, Double) -> Bool
    ) -> [Overload] {
        [
            extreme(.int64) { (a: Int64, b: Int64) in integers(a, b) },
            extreme(.double) { (a: Double, b: Double) in doubles(a, b) },
            extreme(.int32) { (a: Int32, b: Int32) in integers(Int64(a), Int64(b)) },
            extreme(.float) { (a: Float, b: Float) in doubles(Double(a), Double(b)) },
            extreme(.timestamp) { (a: Int64, b: Int64) in integers(a, b) },
            extreme(.date) { (a: Int32, b: Int32) in integers(Int64(a), Int64(b)) },
        ]
    }

    private static func extreme<E: ListElement & KernelResult & Defaulted>(
        _ type: DataType, replaces: @escaping @Sendable (E, E) -> Bool
    ) -> Overload {
        Overload(
            [.list(type)], type,
            .checked { (list: ListView<E>) in
                var best: E?
                list.forEach { element in
                    guard let current = best else { return best = element }
                    if replaces(current, element) { best = element }
                }
                return best.map { ($0, .none) } ?? (E.placeholder, .absent)
            })
    }
}

/// A type with a value to stand where there is none.
private protocol Defaulted {
    static var placeholder: Self { get }
}

extension Int32: Defaulted { static var placeholder: Int32 { 0 } }
extension Int64: Defaulted { static var placeholder: Int64 { 0 } }
extension Float: Defaulted { static var placeholder: Float { 0 } }
extension Double: Defaulted { static var placeholder: Double { 0 } }
extension Bool: Defaulted { static var placeholder: Bool { false } }

private func isEqual(_ left: Double, _ right: Double) -> Bool {
    left == right || (left.isNaN && right.isNaN)
}

extension ListView {
    /// Where the `number`-th element is, counted from 1, or from the end when negative.
    fileprivate func index(of number: Int64) -> Int? {
        let index = number > 0 ? number - 1 : Int64(count) + max(number, -Int64(count) - 1)
        return index >= 0 && index < count ? Int(index) : nil
    }

    /// Calls `body` with every element that is not null.
    @inline(__always)
    fileprivate func forEach(_ body: (Element) -> Void) {
        for index in 0..<count {
            if let element = self[index] { body(element) }
        }
    }
}

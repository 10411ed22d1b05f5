import Values

extension FunctionTable {
    static let rounding: [Function] = [
        Function("floor", wholes(.map { (a: Double) in a.rounded(.down) })),
        Function("ceil", wholes(.map { (a: Double) in a.rounded(.up) })),
        Function("trunc", wholes(.map { (a: Double) in a.rounded(.towardZero) })),
        Function("round_even", wholes(.map { (a: Double) in a.rounded(.toNearestOrEven) })),
        Function(
            "round",
            [
                Overload([.int64], .int64, .map { (a: Int64) in a }),
                Overload(
                    [.double], .double,
                    .map { (a: Double) in a.rounded(.toNearestOrAwayFromZero) }),
                Overload([.double, .int64], .double, .checked(roundToDigits)),
            ]),
        Function(
            "sign",
            [
                Overload([.int64], .int64, .map { (a: Int64) in a.signum() }),
                Overload(
                    [.double], .double,
                    .map { (a: Double) in a > 0 ? 1 : a < 0 ? -1 : a }),
            ]),
        Function(
            "clamp",
            [
                Overload(
                    [.int64, .int64, .int64], .int64,
                    .checked { (a: Int64, low: Int64, high: Int64) in clampInteger(a, low, high) }),
                Overload(
                    [.double, .double, .double], .double,
                    .checked { (a: Double, low: Double, high: Double) in clampDouble(a, low, high) }
                ),
            ]),
        Function(
            "is_nan", [Overload([.double], .bool, .map { (a: Double) in a.isNaN })]),
        Function(
            "is_finite", [Overload([.double], .bool, .map { (a: Double) in a.isFinite })]),
    ]

    /// An integer is a whole number already.
    private static func wholes(_ kernel: Kernel) -> [Overload] {
        [
            Overload([.int64], .int64, .map { (a: Int64) in a }),
            Overload([.double], .double, kernel),
        ]
    }

    static let powers: [Function] = [
        Function(
            "sqrt",
            [
                Overload(
                    [.double], .double,
                    .checked { (a: Double) in (a.squareRoot(), a < 0 ? .domain : .none) })
            ]),
        real("exp", LibraryMath.exp),
        logarithm("ln", LibraryMath.log),
        logarithm("log2", LibraryMath.log2),
        logarithm("log10", LibraryMath.log10),
        Function("pow", [Overload([.double, .double], .double, .checked(power))]),
    ]

    static let trigonometry: [Function] = [
        real("sin", LibraryMath.sin), real("cos", LibraryMath.cos), real("tan", LibraryMath.tan),
        real("asin", LibraryMath.asin), real("acos", LibraryMath.acos),
        real("atan", LibraryMath.atan), real("tanh", LibraryMath.tanh),
        Function(
            "atan2",
            [
                Overload(
                    [.double, .double], .double,
                    .map { (y: Double, x: Double) in LibraryMath.atan2(y, x) })
            ]),
        Function(
            "radians",
            [Overload([.double], .double, .map { (a: Double) in a * (Double.pi / 180) })]),
    ]

    static let places: [Function] = [
        Function(
            "haversine",
            [Overload([.double, .double, .double, .double], .double, .checked(haversine))])
    ]

    /// A function whose result is NaN only where it is not defined.
    private static func real(
        _ name: String, _ operation: @escaping @Sendable (Double) -> Double
    ) -> Function {
        Function(
            name,
            [
                Overload(
                    [.double], .double,
                    .checked { (a: Double) in
                        let result = operation(a)
                        return (result, result.isNaN && !a.isNaN ? .domain : .none)
                    })
            ])
    }

    private static func logarithm(
        _ name: String, _ operation: @escaping @Sendable (Double) -> Double
    ) -> Function {
        Function(
            name,
            [
                Overload(
                    [.double], .double,
                    .checked { (a: Double) in (operation(a), a <= 0 ? .domain : .none) })
            ])
    }
}

/// As SQL engines do: scales by a power of ten, rounds half away from zero, and scales back.
@Sendable
private func roundToDigits(_ value: Double, _ digits: Int64) -> (Double, Fault) {
    guard (-22...22).contains(digits) else { return (0, .domain) }
    var scale = 1.0
    for _ in 0..<digits.magnitude { scale *= 10 }
    if digits < 0 { return ((value / scale).rounded(.toNearestOrAwayFromZero) * scale, .none) }
    let rounded = (value * scale).rounded(.toNearestOrAwayFromZero) / scale
    return (rounded.isFinite ? rounded : value, .none)
}

@Sendable
private func clampInteger(_ value: Int64, _ low: Int64, _ high: Int64) -> (Int64, Fault) {
    (min(max(value, low), high), low > high ? .domain : .none)
}

@Sendable
private func clampDouble(_ value: Double, _ low: Double, _ high: Double) -> (Double, Fault) {
    if isLess(high, low) { return (0, .domain) }
    if value.isNaN { return (value, .none) }
    return (isLess(value, low) ? low : isLess(high, value) ? high : value, .none)
}

@Sendable
private func power(_ base: Double, _ exponent: Double) -> (Double, Fault) {
    let result = LibraryMath.pow(base, exponent)
    let isUndefined = result.isNaN && !base.isNaN && !exponent.isNaN
    return (result, isUndefined || (base == 0 && exponent < 0) ? .domain : .none)
}

/// The distance of two places on a sphere of the Earth's mean radius, in kilometres.
///
/// From the haversine of the angle, which is exact for near places too (Sinnott, 1984).
@Sendable
private func haversine(
    _ latitude: Double, _ longitude: Double, _ otherLatitude: Double, _ otherLongitude: Double
) -> (Double, Fault) {
    guard abs(latitude) <= 90, abs(otherLatitude) <= 90, longitude.isFinite,
        otherLongitude.isFinite
    else { return (0, .domain) }
    let degree = Double.pi / 180
    let north = LibraryMath.sin((otherLatitude - latitude) * degree / 2)
    let east = LibraryMath.sin((otherLongitude - longitude) * degree / 2)
    let scale = LibraryMath.cos(latitude * degree) * LibraryMath.cos(otherLatitude * degree)
    let haversine = north * north + scale * (east * east)
    let earthRadius = 6371.0088
    return (2 * earthRadius * LibraryMath.asin(min(1, haversine.squareRoot())), .none)
}

import TestSupport

/// Doubles on which sums go wrong.
enum NastyValues {
    static let finite: [Double] = [
        0, -0.0, 1, -1, 0.1, -0.1, 3, 1e16, -1e16, 1e200, -1e200, 1e100, -1e100, 1e-200,
        .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
        -.leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        0x1p53, 0x1p53 + 2, 0x1p-53, 0x1p-54, 1 + 0x1p-52, 0x1p970, 0x1p-1022 + 0x1p-1074,
    ]

    static let special: [Double] = [.infinity, -.infinity, .nan, -.nan, .signalingNaN]

    /// Values of one temper: ordinary, of one scale, of all scales, or the list above.
    static func random(count: Int, using generator: inout SeededGenerator) -> [Double] {
        let temper = Int.random(in: 0..<5, using: &generator)
        let scale = Int.random(in: -300...300, using: &generator)
        return (0..<count).map { _ in
            switch temper {
            case 0: Double.random(in: -1000...1000, using: &generator)
            case 1: Double(Int.random(in: -50...50, using: &generator))
            case 2:
                Double(
                    sign: .plus, exponent: scale,
                    significand: Double.random(in: -2...2, using: &generator))
            case 3: anyFinite(using: &generator)
            default: finite.randomElement(using: &generator) ?? 0
            }
        }
    }

    static func anyFinite(using generator: inout SeededGenerator) -> Double {
        let value = Double(bitPattern: generator.next())
        return value.isFinite ? value : 1
    }
}

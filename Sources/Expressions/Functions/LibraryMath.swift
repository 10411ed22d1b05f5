import Glibc

// The only functions whose last bit the C library decides. glibc documents an error of at most 1
// unit in the last place for them (2 for `pow`, `tan`); another C library may round another way.
// Everything else of the language is exact or rounded once.

enum LibraryMath {
    static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    static func log(_ x: Double) -> Double { Glibc.log(x) }
    static func log2(_ x: Double) -> Double { Glibc.log2(x) }
    static func log10(_ x: Double) -> Double { Glibc.log10(x) }
    static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
    static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    static func cos(_ x: Double) -> Double { Glibc.cos(x) }
    static func tan(_ x: Double) -> Double { Glibc.tan(x) }
    static func asin(_ x: Double) -> Double { Glibc.asin(x) }
    static func acos(_ x: Double) -> Double { Glibc.acos(x) }
    static func atan(_ x: Double) -> Double { Glibc.atan(x) }
    static func atan2(_ y: Double, _ x: Double) -> Double { Glibc.atan2(y, x) }
    static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
}

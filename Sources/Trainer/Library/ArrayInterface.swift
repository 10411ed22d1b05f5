import Columns

/// The text by which the library is told where an array is (`__array_interface__`, version 3).
///
/// The library reads the memory later, so the caller keeps `values` until it has.
func arrayInterface(_ values: FixedValues<Float>, shape: [Int]) -> String {
    let address = unsafe values.withUnsafeBufferPointer { buffer in
        UInt(bitPattern: buffer.baseAddress)
    }
    let lengths = shape.map(String.init).joined(separator: ",")
    return #"{"data":[\#(address),true],"shape":[\#(lengths)],"typestr":"<f4","version":3}"#
}

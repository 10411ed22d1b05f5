extension [UInt8] {
    /// Appends the decimal digits of `number`, with zeros before them up to `width`.
    public mutating func append(decimal number: UInt64, width: Int = 1) {
        let start = count
        var rest = number
        while rest > 0 || count - start < width {
            append(UInt8(48 + rest % 10))
            rest /= 10
        }
        self[start...].reverse()
    }
}

import Values

// The count, then the sum as its upper 192 bits, signed, and its lower 64, all 8 bytes of them.

extension RunningDecimalSum {
    func encode(into writer: inout StateWriter) {
        writer.write(UInt64(bitPattern: count))
        writer.write(signed: sum.high << 64 | Int128(truncatingIfNeeded: sum.low >> 64))
        writer.write(fixed: UInt64(truncatingIfNeeded: sum.low))
    }

    init(from reader: inout StateReader, precision: Int) throws(AggregateError) {
        self.init()
        count = try reader.readRowCount()
        let upper = try reader.readSigned128()
        let lower = UInt128(try reader.readFixed())
        sum = Int256(
            high: upper >> 64, low: UInt128(truncatingIfNeeded: upper) << 64 | lower)
        let greatest = (Decimal128.powerOfTen(precision) - 1).magnitude
        let limit = UInt256(high: 0, low: greatest).multiplied(by: UInt64(count))
        guard limit?.subtracting(sum.magnitude) != nil else {
            throw reader.corrupt("a sum of decimals is too great for its count")
        }
    }
}

extension Int256 {
    /// The value when it has at most 38 digits.
    var digits: Int128? {
        let value = Int128(truncatingIfNeeded: low)
        guard high == (value < 0 ? -1 : 0),
            Decimal128.fits(value, precision: Decimal128.greatestPrecision)
        else { return nil }
        return value
    }
}

/// States in ascending order of their keys, as the bytes that a store gets: key and state, one after
/// the other in one array, so that a million of them are three allocations.
struct EncodedStates: Sendable {
    private var bytes: [UInt8] = []
    private var keyEnds: [Int] = []
    private var ends: [Int] = []

    /// How many there are.
    var count: Int { ends.count }

    /// Makes room for `count` states.
    mutating func reserve(_ count: Int) {
        keyEnds.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    /// Adds a state, whose key is greater than all before.
    mutating func append(_ key: ArraySlice<UInt8>, _ value: [UInt8]) {
        bytes += key
        keyEnds.append(bytes.count)
        bytes += value
        ends.append(bytes.count)
    }

    func key(at index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : ends[index - 1])..<keyEnds[index]]
    }

    func value(at index: Int) -> ArraySlice<UInt8> { bytes[keyEnds[index]..<ends[index]] }
}

extension ArraySlice<UInt8> {
    /// The first 8 bytes as one number, which orders keys as their bytes do, ties aside.
    var leadingNumber: UInt64 {
        var number: UInt64 = 0
        var rest = 8
        for byte in prefix(8) {
            number = number << 8 | UInt64(byte)
            rest -= 1
        }
        return rest == 8 ? 0 : number << UInt64(8 * rest)
    }

    /// Less than 0, 0 or more when these bytes stand before, beside or behind the others.
    func order(to other: ArraySlice<UInt8>) -> Int {
        let (left, right) = (span, other.span)
        for index in 0..<Swift.min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }
}

import Values

extension FunctionTable {
    static let hashes: [Function] = [
        Function(
            "hash",
            [
                Overload([.int64], .int64, .map { (a: Int64) in signed(a) }),
                Overload([.double], .int64, .map { (a: Double) in signed(a.bits) }),
                Overload([.string], .int64, .map { (a: Text) in signed(a) }),
                Overload([.bytes], .int64, .map { (a: Text) in signed(a) }),
                Overload([.timestamp], .int64, .map { (a: Int64) in signed(a) }),
                Overload([.date], .int64, .map { (a: Int32) in signed(Int64(a)) }),
                Overload([.bool], .int64, .map { (a: Bool) in signed(a ? 1 : 0) }),
            ]),
        Function(
            "hash_mod",
            [
                Overload(
                    [.int64, .int64], .int64,
                    .checked { (a: Int64, n: Int64) in modulo(hash(a), n) }),
                Overload(
                    [.double, .int64], .int64,
                    .checked { (a: Double, n: Int64) in modulo(hash(a.bits), n) }),
                Overload(
                    [.string, .int64], .int64,
                    .checked { (a: Text, n: Int64) in modulo(hash(a), n) }),
                Overload(
                    [.bytes, .int64], .int64,
                    .checked { (a: Text, n: Int64) in modulo(hash(a), n) }),
                Overload(
                    [.timestamp, .int64], .int64,
                    .checked { (a: Int64, n: Int64) in modulo(hash(a), n) }),
                Overload(
                    [.date, .int64], .int64,
                    .checked { (a: Int32, n: Int64) in modulo(hash(Int64(a)), n) }),
                Overload(
                    [.bool, .int64], .int64,
                    .checked { (a: Bool, n: Int64) in modulo(hash(a ? 1 : 0), n) }),
            ]),
    ]

    static let buckets: [Function] = [
        Function(
            "bucket",
            [
                Overload([.value(.double), .edges], .int64) { constants in
                    guard case .edges(let edges) = constants[0] else { mismatch() }
                    return .map { (value: Double) in bucket(of: value, edges) }
                }
            ])
    ]
}

extension Double {
    fileprivate var bits: Int64 { Int64(bitPattern: canonical(self).bitPattern) }
}

/// XXH64 of the eight bytes of the value, the least first.
private func hash(_ value: Int64) -> UInt64 {
    unsafe withUnsafeBytes(of: value.littleEndian) { bytes in
        unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe hash64($0) }
    }
}

private func hash(_ text: Text) -> UInt64 { unsafe hash64(text.buffer) }

private func signed(_ value: Int64) -> Int64 { Int64(bitPattern: hash(value)) }

private func signed(_ text: Text) -> Int64 { Int64(bitPattern: hash(text)) }

private func modulo(_ hash: UInt64, _ count: Int64) -> (Int64, Fault) {
    guard count > 0 else { return (0, .domain) }
    return (Int64(hash % UInt64(count)), .none)
}

/// How many edges are not above the value; NaN is above all. Complexity: O(log edges).
private func bucket(of value: Double, _ edges: [Double]) -> Int64 {
    var (low, high) = (0, edges.count)
    while low < high {
        let middle = (low + high) / 2
        if isLess(value, edges[middle]) { high = middle } else { low = middle + 1 }
    }
    return Int64(low)
}

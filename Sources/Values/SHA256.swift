/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
///
/// The message is cut into blocks of 64 bytes. Each block is spread over a schedule of 64 words,
/// kept here as a ring of 16, and stirred into eight working words, whose sums with the previous
/// state are the next one. The last block ends with a one bit, zeros and the length in bits.
/// Cost: a few nanoseconds a byte, no allocation but the pending block's.
public struct SHA256: Sendable {
    private var state = SHA256State()
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Starts with no bytes.
    public init() {
        pending.reserveCapacity(64)
    }

    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalized()
    }

    /// Appends bytes to the message. Complexity: O(bytes).
    public mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { bytes in unsafe update(bytes) }
    }

    /// Appends bytes to the message. Complexity: O(bytes).
    public mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        byteCount &+= UInt64(bytes.count)
        var position = 0
        if !pending.isEmpty {
            position = min(64 - pending.count, bytes.count)
            for index in 0..<position { unsafe pending.append(bytes[index]) }
            guard pending.count == 64 else { return }
            compressPending()
        }
        let blocks = (bytes.count - position) / 64
        unsafe state.compress(bytes, from: position, blocks: blocks)
        position += blocks * 64
        while position < bytes.count {
            unsafe pending.append(bytes[position])
            position += 1
        }
    }

    /// The 32 bytes of the digest of everything appended so far; more can be appended after it.
    public func finalized() -> [UInt8] {
        var last = self
        let bitCount = byteCount &* 8
        var padding: [UInt8] = [0x80]
        let zeros = (119 - last.pending.count) % 64
        padding.append(contentsOf: repeatElement(0, count: zeros))
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            padding.append(UInt8(truncatingIfNeeded: bitCount &>> shift))
        }
        last.update(padding)
        return last.state.bytes
    }

    private mutating func compressPending() {
        unsafe pending.withUnsafeBufferPointer { block in
            unsafe state.compress(block, from: 0, blocks: 1)
        }
        pending.removeAll(keepingCapacity: true)
    }
}

/// The eight chaining words.
private struct SHA256State: Sendable {
    private var words: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    /// The words as bytes, most significant first.
    var bytes: [UInt8] {
        words.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word &>> UInt32($0)) }
        }
    }

    /// Stirs in `blocks` whole blocks that begin at `first`.
    mutating func compress(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int, blocks: Int) {
        precondition(first + blocks * 64 <= bytes.count)
        guard blocks > 0, let base = bytes.baseAddress else { return }
        let input = unsafe UnsafeRawPointer(base) + first
        unsafe words.withUnsafeMutableBufferPointer { words in
            unsafe roundConstants.withUnsafeBufferPointer { constants in
                unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                    for block in 0..<blocks {
                        unsafe expand(input + block * 64, into: schedule)
                        unsafe stir(schedule, constants, into: words)
                    }
                }
            }
        }
    }
}

private func expand(
    _ block: UnsafeRawPointer, into schedule: UnsafeMutableBufferPointer<UInt32>
) {
    for index in 0..<16 {
        unsafe schedule[index] = UInt32(
            bigEndian: block.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    for index in 16..<64 {
        let early = unsafe schedule[index - 15]
        let late = unsafe schedule[index - 2]
        let small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early &>> 3)
        let small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late &>> 10)
        unsafe schedule[index] =
            schedule[index - 16] &+ small0 &+ schedule[index - 7] &+ small1
    }
}

private func stir(
    _ schedule: UnsafeMutableBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>,
    into words: UnsafeMutableBufferPointer<UInt32>
) {
    var (a, b, c, d) = unsafe (words[0], words[1], words[2], words[3])
    var (e, f, g, h) = unsafe (words[4], words[5], words[6], words[7])
    // Eight rounds at a time, so that the words change their names instead of their places.
    for index in stride(from: 0, to: 64, by: 8) {
        unsafe turn(a, b, c, &d, e, f, g, &h, schedule[index] &+ constants[index])
        unsafe turn(h, a, b, &c, d, e, f, &g, schedule[index + 1] &+ constants[index + 1])
        unsafe turn(g, h, a, &b, c, d, e, &f, schedule[index + 2] &+ constants[index + 2])
        unsafe turn(f, g, h, &a, b, c, d, &e, schedule[index + 3] &+ constants[index + 3])
        unsafe turn(e, f, g, &h, a, b, c, &d, schedule[index + 4] &+ constants[index + 4])
        unsafe turn(d, e, f, &g, h, a, b, &c, schedule[index + 5] &+ constants[index + 5])
        unsafe turn(c, d, e, &f, g, h, a, &b, schedule[index + 6] &+ constants[index + 6])
        unsafe turn(b, c, d, &e, f, g, h, &a, schedule[index + 7] &+ constants[index + 7])
    }
    unsafe (words[0], words[1]) = (words[0] &+ a, words[1] &+ b)
    unsafe (words[2], words[3]) = (words[2] &+ c, words[3] &+ d)
    unsafe (words[4], words[5]) = (words[4] &+ e, words[5] &+ f)
    unsafe (words[6], words[7]) = (words[6] &+ g, words[7] &+ h)
}

/// One round: changes the two words that are not merely renamed.
@inline(__always)
private func turn(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
    _ g: UInt32, _ h: inout UInt32, _ input: UInt32
) {
    let big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    let first = h &+ big1 &+ (g ^ (e & (f ^ g))) &+ input
    let big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    d = d &+ first
    h = first &+ big0 &+ ((a & b) | (c & (a | b)))
}

@inline(__always)
private func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    (word &>> bits) | (word &<< (32 - bits))
}

private let roundConstants: [UInt32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]

import Columns

/// A run of bytes inside a buffer that it keeps alive.
///
/// At least `slack` readable bytes follow it, so that kernels may load whole words (or copy
/// `slack` bytes) that start inside it.
@safe struct ByteRegion: Sendable {
    static let slack = 32

    private let owner: Buffer
    private let start: Int
    let count: Int

    /// The bytes `start..<start + count` of `owner`, which must have `slack` bytes behind them.
    init(owner: Buffer, start: Int = 0, count: Int) {
        precondition(start >= 0 && count >= 0)
        precondition(start + count + Self.slack <= owner.capacity, "no room for the slack")
        self.owner = owner
        self.start = start
        self.count = count
    }

    /// A region of `count` bytes that `fill` writes.
    init(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        let owner = Buffer(capacity: count + Self.slack)
        let base = unsafe UnsafeMutableRawPointer(owner.pointer(to: UInt8.self))
        try unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: count))
        self.init(owner: owner, count: count)
    }

    /// The byte at `index`.
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "index out of range")
        return unsafe owner.pointer(to: UInt8.self)[start + index]
    }

    /// `count` bytes from `offset`, or an error when they do not lie inside.
    func slice(from offset: Int, count: Int) throws(ParquetError) -> ByteRegion {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
            throw .truncated(
                "\(count) bytes at \(offset) are needed where \(self.count) bytes are left")
        }
        return ByteRegion(owner: owner, start: start + offset, count: count)
    }

    /// Everything from `offset` on.
    func suffix(from offset: Int) throws(ParquetError) -> ByteRegion {
        try slice(from: offset, count: count - offset)
    }

    /// The 32-bit number at `offset`, least significant byte first.
    func unsigned32(at offset: Int) throws(ParquetError) -> UInt32 {
        let bytes = try slice(from: offset, count: 4)
        return UInt32(bytes[0]) | UInt32(bytes[1]) << 8 | UInt32(bytes[2]) << 16
            | UInt32(bytes[3]) << 24
    }

    /// Calls `body` with the bytes; the pointer must not escape.
    func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        let base = unsafe UnsafeRawPointer(owner.pointer(to: UInt8.self)) + start
        return try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy of the bytes.
    var array: [UInt8] {
        let base = unsafe owner.pointer(to: UInt8.self) + start
        return unsafe Array(UnsafeBufferPointer(start: base, count: count))
    }
}

/// A place in one partition of a source: the offset that is read next.
public struct Position: Hashable, Comparable, Sendable {
    /// The offset.
    public var offset: Int64

    /// The place before `offset`.
    public init(_ offset: Int64) { self.offset = offset }

    /// Whether `left` is earlier in the log.
    public static func < (left: Position, right: Position) -> Bool { left.offset < right.offset }
}

/// Who may write: 128 random bits, drawn anew for each claim, so that nobody has another's.
public struct OwnerToken: Hashable, Sendable {
    /// The first 64 bits.
    public var high: UInt64
    /// The last 64 bits.
    public var low: UInt64

    /// The token with these bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Draws a token.
    public static func random(using generator: inout some RandomNumberGenerator) -> OwnerToken {
        OwnerToken(high: generator.next(), low: generator.next())
    }
}

/// What a sink knows of one (generation of a view, source partition, slot).
///
/// It stands in the sink itself and moves in the transaction that writes the states.
public struct Checkpoint: Hashable, Sendable {
    /// Who claimed it last; nil when nobody has yet.
    public var owner: OwnerToken?
    /// The states hold exactly the rows before it.
    public var next: Position

    /// Makes a checkpoint.
    public init(owner: OwnerToken?, next: Position) {
        self.owner = owner
        self.next = next
    }
}

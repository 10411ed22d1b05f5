/// What this process knows of a view's pointer.
///
/// Pointers only move forward, unless the server was restored from an older copy or a replica took
/// over that lacked the last writes. Such a pointer is refused until it has moved on.
struct LivePointer {
    /// The generation that it named when it was last seen; nil for none.
    private(set) var generation: Generation?
    /// The generation that it went back to, if it did and has not moved on.
    private var refused: Generation?

    /// Follows the pointer to `found`.
    ///
    /// - Parameters:
    ///   - found: what it names.
    ///   - before: what was known when it was asked for: others may have seen more meanwhile.
    /// - Returns: whether it went back.
    mutating func follow(_ found: Generation?, knowing before: LivePointer) -> Bool {
        guard let found, before.refuses(found) else {
            self = LivePointer()
            generation = found
            return false
        }
        if found != generation, refused.map({ found.id < $0.id }) ?? true { refused = found }
        return true
    }

    /// Whether the pointer has gone back to `found`.
    func refuses(_ found: Generation) -> Bool {
        if let refused { return found.id <= refused.id }
        return generation.map { found.id < $0.id } ?? false
    }
}

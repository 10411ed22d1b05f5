/// What a writer was given so far: entities in ascending order of their bytes, each once.
struct AscendingEntities {
    /// How many there were.
    private(set) var count = 0
    private var last: [UInt8]?

    /// Takes the next entity of `view`.
    ///
    /// - Throws: `misuse` when it does not follow the one before.
    mutating func take(_ entity: [UInt8], of view: String) throws(StoreError) {
        if let last, !last.lexicographicallyPrecedes(entity) {
            throw StoreError(.misuse, "entities of '\(view)' are written out of order or twice")
        }
        last = entity
        count += 1
    }
}

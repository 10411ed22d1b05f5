import States

/// States as they were written last, beside their bytes: who is given the same bytes again need not
/// decode them. Bytes decide, so what is kept can be old but never wrong.
struct DecodedStates {
    private let greatestCount: Int
    private var entries: [[UInt8]: (bytes: [UInt8], state: ViewState)] = [:]

    /// Keeps at most so many.
    init(greatestCount: Int) { self.greatestCount = greatestCount }

    /// Changes the state of an entity in place, if `bytes` are those that it was written as.
    ///
    /// - Parameters:
    ///   - key: the entity.
    ///   - bytes: what is stored.
    ///   - change: changes the state and returns its bytes.
    /// - Returns: the bytes; nil when the state is not kept.
    mutating func change(
        _ key: [UInt8], _ bytes: [UInt8], _ change: (inout ViewState) -> [UInt8]
    ) -> [UInt8]? {
        guard let index = entries.index(forKey: key), entries.values[index].bytes == bytes else {
            return nil
        }
        let changed = change(&entries.values[index].state)
        entries.values[index].bytes = changed
        return changed
    }

    /// Keeps a state that is written as `bytes`; the others go when there are too many.
    mutating func keep(_ key: [UInt8], _ bytes: [UInt8], _ state: ViewState) {
        if entries.count >= greatestCount { entries.removeAll(keepingCapacity: true) }
        if greatestCount > 0 { entries[key] = (bytes, state) }
    }
}

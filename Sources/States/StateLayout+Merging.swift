extension StateLayout {
    /// The bytes of the state that two of the same entity make together, in any order.
    ///
    /// - Throws: `corrupt` for bytes of anything else.
    public func merged(_ left: [UInt8], _ right: [UInt8]) throws(StateError) -> [UInt8] {
        var state = try ViewState(self, encoded: left)
        state.merge(try ViewState(self, encoded: right))
        return state.encoded
    }
}

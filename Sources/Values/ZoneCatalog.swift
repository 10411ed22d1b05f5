/// Where time zones come from: fixed offsets always, names from whoever reads the system's
/// database.
public struct ZoneCatalog: Sendable {
    /// That a name means no zone, and what may have been meant.
    public struct Unknown: Error {
        /// How to say it instead, for a message.
        public let hint: String

        /// Makes the error.
        public init(hint: String) {
            self.hint = hint
        }
    }

    private let named: @Sendable (String) throws(Unknown) -> ZoneTable

    /// Looks up names that are no fixed offset with `named`.
    public init(named: @escaping @Sendable (String) throws(Unknown) -> ZoneTable) {
        self.named = named
    }

    /// `UTC` and offsets such as `+01:00` only.
    public static let fixedOffsets = ZoneCatalog { _ throws(Unknown) in
        throw Unknown(hint: "write UTC, or an offset such as +01:00")
    }

    /// The zone `name`.
    ///
    /// - Throws: `Unknown` when there is none.
    /// - Returns: its offsets from UTC.
    public func zone(named name: String) throws(Unknown) -> ZoneTable {
        if let fixed = ZoneTable(fixed: name) { return fixed }
        return try named(name)
    }
}

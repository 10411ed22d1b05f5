public import Values

/// One built instance of a view in the online store.
public struct Generation: Hashable, Sendable {
    /// Its number, never used again.
    public var id: UInt64
    /// The view.
    public var view: String
    /// The identity of the states' layout: who reads with another one must not read them.
    public var layout: [UInt8]
    /// What it was built of: the same again is nothing to do.
    public var identity: [UInt8]
    /// What it is true as of.
    public var cut: EventTime
    /// How many entities it has.
    public var entities: Int

    /// Makes a generation's record.
    public init(
        id: UInt64, view: String, layout: [UInt8], identity: [UInt8], cut: EventTime,
        entities: Int
    ) {
        self.id = id
        self.view = view
        self.layout = layout
        self.identity = identity
        self.cut = cut
        self.entities = entities
    }
}

/// What a generation is going to be.
public struct GenerationPlan: Hashable, Sendable {
    /// The view.
    public var view: String
    /// The identity of the states' layout.
    public var layout: [UInt8]
    /// What it is built of.
    public var identity: [UInt8]
    /// What it is true as of.
    public var cut: EventTime

    /// Makes a plan.
    public init(view: String, layout: [UInt8], identity: [UInt8], cut: EventTime) {
        self.view = view
        self.layout = layout
        self.identity = identity
        self.cut = cut
    }
}

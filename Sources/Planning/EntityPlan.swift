public import Values

/// A thing that features describe.
public struct EntityPlan: Hashable, Sendable {
    /// The entity's name.
    public let name: String
    /// Its join keys, in the declared order.
    public let keys: [Field]

    /// Makes an entity plan.
    public init(name: String, keys: [Field]) {
        self.name = name
        self.keys = keys
    }
}

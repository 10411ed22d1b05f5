public import Definitions
public import Values

/// A thing that features describe.
public struct EntityPlan: Hashable, Sendable {
    /// The entity's name.
    public let name: String
    /// Its join keys, in the declared order.
    public let keys: [Field]
    /// What is said about it for people; part of no digest.
    public var annotations = Annotations()

    /// Makes an entity plan.
    public init(name: String, keys: [Field]) {
        self.name = name
        self.keys = keys
    }
}

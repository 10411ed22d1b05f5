/// What is said about a definition for people; never part of a digest.
public struct Annotations: Hashable, Sendable {
    /// What it is.
    public var summary: String?
    /// Who answers for it.
    public var owner: String?
    /// Words to find it by.
    public var tags: [String]

    /// Makes annotations.
    public init(summary: String? = nil, owner: String? = nil, tags: [String] = []) {
        self.summary = summary
        self.owner = owner
        self.tags = tags
    }
}

/// What can be described for people; nothing of it is part of a digest.
public protocol Annotated {
    /// The same with another entry.
    func setting(_ key: String, _ value: Node) -> Self
    /// Where it stands in the Swift file.
    var place: Place { get }
}

extension Annotated {
    /// The same with words on what it is.
    public func description(_ text: String) -> Self { setting("description", place.node(text)) }

    /// The same with the name of who answers for it.
    public func owner(_ name: String) -> Self { setting("owner", place.node(name)) }

    /// The same with words to find it by.
    public func tags(_ words: String...) -> Self {
        setting("tags", place.node(list: words))
    }
}

import Values

/// States of single entities that are written beside the generations of their view.
///
/// A generation is made of all rows up to its cut; what is written entity by entity stays beside it
/// and beside those that follow, whether they were made of the same rows or not. A reader merges
/// the two.
public struct EntityWrites: Sendable {
    /// The view.
    public var view: String
    /// The identity of the states' layout.
    public var layout: [UInt8]
    /// Whose states, and the states; each entity once.
    public var states: [(entity: [UInt8], state: [UInt8])]

    /// Makes writes.
    public init(
        view: String, layout: [UInt8], states: [(entity: [UInt8], state: [UInt8])]
    ) {
        self.view = view
        self.layout = layout
        self.states = states
    }

    /// Makes one state of two of the same entity, in any order.
    public typealias Merging = (
        _ there: [UInt8], _ new: [UInt8]
    ) throws(StoreError) -> [UInt8]

    /// The record of the area that they are written to.
    func area(id: UInt64) -> Generation {
        Generation(
            id: id, view: view, layout: layout, identity: [], cut: .distantPast, entities: 0)
    }
}

/// One place where states of a view are.
struct StoreArea: Hashable {
    /// Whose.
    let view: String
    /// Whether it has what was written entity by entity, instead of the live generation.
    let isWritten: Bool

    /// Where the states of `request` are, the live generation first.
    static func of(_ request: StoreRequest) -> [StoreArea] {
        let live = StoreArea(view: request.view, isWritten: false)
        return request.wantsWrites
            ? [live, StoreArea(view: request.view, isWritten: true)] : [live]
    }
}

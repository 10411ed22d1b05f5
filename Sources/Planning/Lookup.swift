/// One use of a view by a service: which columns of the spine hold the entity's keys.
public struct Lookup: Hashable, Sendable {
    /// The view that is asked.
    public let view: ViewPlan
    /// For each of the view's keys the spine's column.
    public let spineColumns: [String]
    /// What makes it a role, as in `airport = dest`; nil for the plain use.
    public let role: String?

    /// Makes a lookup.
    public init(view: ViewPlan, spineColumns: [String], role: String?) {
        self.view = view
        self.spineColumns = spineColumns
        self.role = role
    }

    /// The spine's columns, unless each is called as the key that it holds.
    package var roleColumns: [String] { spineColumns == view.keys.map(\.name) ? [] : spineColumns }
}

public import Planning
public import States
public import Stores

/// A generation of a view that rows of a stream are folded into.
public struct FedView: Sendable {
    /// How its states look; of the view over the rows of the stream.
    public let layout: StateLayout
    /// The generation.
    public let generation: Generation
    /// Whether several partitions write to one state.
    public let isShared: Bool

    /// Rows of `view`'s stream go into `generation`.
    public init(_ view: ViewPlan, generation: Generation, isShared: Bool) {
        layout = StateLayout(view.asStream)
        self.generation = generation
        self.isShared = isShared
    }
}

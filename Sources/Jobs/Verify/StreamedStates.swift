import Planning
import States
import Stores
import Streams
import Values

/// How states that a stream feeds are compared with what all rows give: whatever the order was in
/// which rows came, whichever partition they came from, and whenever what nobody sees was left out.
struct StreamedStates: Sendable {
    private let layout: StateLayout
    private let generation: Generation

    init(_ view: ViewPlan, _ generation: Generation) {
        layout = StateLayout(view.asStream)
        self.generation = generation
    }

    var verified: VerifiedView {
        VerifiedView(
            layout, generation, scope: .everything(askedFrom: generation.cut),
            canonical: canonical)
    }

    /// The state as it is asked just after its newest row, or after the base if that is later; nil
    /// for one that the base leaves out.
    private func canonical(_ bytes: [UInt8]) throws -> [UInt8]? {
        var state = try ViewState(layout, encoded: bytes)
        let cut = generation.cut
        guard let newest = state.newest, !state.isExpired(at: cut) else { return nil }
        state.partition = .none
        return state.pruned(to: max(cut, newest.advanced(by: EventDuration(microseconds: 1))))
            .encoded
    }
}

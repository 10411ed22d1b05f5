import Planning
import PointInTime
import Registry
import States
import Stores
import Values

/// One view that is to be brought to a time: what it is built of, and whether it is there.
struct ViewTask: Sendable {
    /// Changes when the same input would give other bytes.
    private static let version: UInt8 = 1

    let layout: StateLayout
    let cut: EventTime
    /// The digests, the cut or interval, and the input.
    let identity: [UInt8]
    /// The interval of a scheduled run.
    let interval: ViewInterval?

    var view: ViewPlan { layout.view }

    init(_ view: ViewPlan, inputs: String, options: MaterializeOptions) throws(JobError) {
        layout = StateLayout(view)
        switch view.refresh {
        case .stream: cut = options.time
        case .every(let interval, let delay):
            cut = options.time
                .advanced(by: EventDuration(microseconds: -delay.microseconds))
                .floor(to: interval)
        }
        var text = "\(Self.version)\n\(hexadecimal(layout.identity))\n\(cut)\n"
        if let from = options.from { text += "from \(from)\n" }
        text += inputs
        identity = SHA256.hash(Array(text.utf8))
        interval = options.from.map { ViewInterval(view: view.name, from: $0, to: options.time) }
        if let mark = view.source.completeTo, mark < cut, !options.allowsIncomplete {
            throw JobError(
                .dataQuality,
                "view '\(view.name)' is asked as of \(cut), but source '\(view.source.name)' is "
                    + "complete to \(mark) only",
                hint: "load the missing rows and move complete_to, or pass --allow-incomplete")
        }
    }

    /// Refuses to move the store back in time by a run of an old interval.
    func check(_ live: Generation?) throws(JobError) {
        guard interval != nil, let live, live.layout == layout.identity, live.cut > cut else {
            return
        }
        throw JobError(
            .usage,
            "the online store has view '\(view.name)' as of \(live.cut), later than this interval",
            hint: "--at \(cut) moves it back")
    }

    var plan: GenerationPlan {
        GenerationPlan(view: view.name, layout: layout.identity, identity: identity, cut: cut)
    }

    /// What to report when the store has it already.
    func unchanged(
        _ generation: Generation, isLeftToStream: Bool = false
    ) -> MaterializeReport.View {
        MaterializeReport.View(
            view: view.name, cut: generation.cut, generation: generation.id,
            entities: generation.entities, isUnchanged: true, rows: RowCounts(), notYetKnown: 0,
            stateBytes: 0, isLeftToStream: isLeftToStream)
    }
}

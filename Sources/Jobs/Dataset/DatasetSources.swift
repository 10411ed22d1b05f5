import Parquet
import Planning
import PointInTime
import Stores
import Values

/// The rows that a data set's features are computed from, one entry per source.
struct DatasetSources {
    /// The rows, by source.
    private(set) var rows: [String: any BatchRows] = [:]
    /// What decides which rows these are, by source.
    private(set) var inputs: [(name: String, value: JSONValue)] = []
    /// The files of the project among them.
    private(set) var paths: [String] = []
    /// Up to when the rows of a source are there, where that is known.
    private(set) var marks: [String: EventTime] = [:]

    /// Opens the batch rows of the sources of `service`, with the columns that any view needs and
    /// those that `expecting` says something of.
    init(
        _ service: ServicePlan, in places: SourcePlaces, expecting: [SourcePlan], workers: Int
    ) throws {
        let views = Dictionary(grouping: service.lookups.map(\.view.source), by: \.name)
        for (name, sources) in views.sorted(by: { $0.key < $1.key }) {
            let checked = expecting.filter { $0.name == name && !$0.expectations.isEmpty }
            let opened = try places.rows(
                of: MergedSource(sources + checked).plan, workers: workers)
            rows[name] = opened
            inputs.append((name, opened.inputs(below: places.folder)))
            paths += opened.files.map(\.parquet.path)
        }
    }

    /// Opens the event logs of the sources of `service` as they were at `point`.
    init(
        _ service: ServicePlan, in store: any OfflineStore, at point: KnownPoint,
        isInclusive: Bool, workers: Int
    ) throws {
        for name in Set(service.lookups.map(\.view.source.name)).sorted() {
            let wanted = try point.point(of: name)
            let state = try store.eventLog(of: name).state(at: wanted)
            if case .version(let version) = wanted, state.version < version {
                throw JobError(
                    .usage, "the event log of '\(name)' has no version \(version)",
                    hint: "the latest is \(state.version)")
            }
            guard state.coveredTo != nil || state.streamRowCount > 0 else {
                throw JobError(
                    .usage, "the offline store had no rows of the source '\(name)' then",
                    hint: "'roost materialize' brings them there")
            }
            rows[name] = try state.rows(workers: workers)
            // A stream has no mark: nobody knows what is still on its way.
            if let mark = state.coveredTo, state.streamCut == nil {
                // A row at the mark itself is not there: only an inclusive asker would see it.
                marks[name] =
                    isInclusive ? mark.advanced(by: EventDuration(microseconds: -1)) : mark
            }
            inputs.append(
                (
                    name,
                    .object([
                        "event_log_version": .count(state.version),
                        "event_log_identity": .string(hexadecimal(state.identity)),
                    ])
                ))
        }
    }
}

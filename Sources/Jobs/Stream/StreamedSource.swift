import Kafka
import Planning
import Streams

/// A source with a topic, and what is fed from it.
// SAFETY: the topic asks through one librdkafka client, which is used by the job's own thread only.
struct StreamedSource: @unchecked Sendable {
    /// The source with all its columns.
    let plan: SourcePlan
    /// The views that rows of it are folded into.
    let views: [ViewPlan]
    let topic: StreamTopic

    /// The sources of `views`, each once.
    static func all(
        of views: [ViewPlan], in project: Project, _ settings: KafkaSettings
    ) throws -> [StreamedSource] {
        var names: [String] = []
        for view in views {
            guard case .stream = view.refresh, view.source.stream != nil else {
                throw StreamError(
                    .notStreamed,
                    "the view '\(view.name)' is not refreshed by a stream, or its source "
                        + "'\(view.source.name)' has no topic",
                    hint: "write `refresh: stream` in the view and `stream: kafka:` in the source")
            }
            if !names.contains(view.source.name) { names.append(view.source.name) }
        }
        return try names.map { name in
            let plan = try project.source(named: name)
            return StreamedSource(
                plan: plan, views: views.filter { $0.source.name == name },
                topic: try StreamTopic(settings, name: plan.stream?.topic ?? ""))
        }
    }
}

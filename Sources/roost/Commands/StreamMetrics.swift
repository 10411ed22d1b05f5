import PointInTime
import Server
import Streams
import Values

/// What a stream has done and how far it is, for Prometheus.
struct StreamMetrics {
    private let counters: StreamCounters
    private let lags: [String: Int64]
    private let now: EventTime

    init(_ counters: StreamCounters, lags: [String: Int64], now: EventTime) {
        self.counters = counters
        self.lags = lags
        self.now = now
    }

    /// All numbers, those of one name together.
    var all: [ServiceMetric] {
        let numbers = counters.all.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }
        let all =
            numbers.flatMap { counts(of: $0.key, $0.value) }
            + numbers.compactMap { age(of: $0.key) }
            + lags.sorted { $0.key < $1.key }.map { view, lag in
                ServiceMetric(
                    "stream_lag_rows", help: "Rows of its topic that a view lacks.",
                    labels: ["view": view], value: Double(lag))
            }
        return all.sorted { $0.name < $1.name }
    }

    private func counts(
        of sink: String, _ numbers: StreamCounters.Numbers
    ) -> [ServiceMetric] {
        let rows = numbers.rows
        let outcomes = [
            ("used", rows.used), ("too_late", rows.tooLate), ("too_far_ahead", rows.tooFarAhead),
            ("without_time", rows.withoutEventTime + rows.withoutKnownAt),
            ("without_key", rows.withoutKey), ("filtered", rows.filtered),
        ]
        let faults = [
            ("fences", numbers.fences), ("rewinds", numbers.rewinds),
            ("departures", numbers.departures),
        ]
        return [
            ServiceMetric(
                "stream_records_total", help: "Records that were read.", labels: ["sink": sink],
                value: Double(numbers.records)),
            ServiceMetric(
                "stream_dead_letters_total", help: "Records that were no rows.",
                labels: ["sink": sink], value: Double(numbers.rejected)),
        ]
            + outcomes.map { outcome, count in
                ServiceMetric(
                    "stream_rows_total", help: "Rows, by what became of them.",
                    labels: ["sink": sink, "outcome": outcome], value: Double(count))
            }
            + faults.map { fault, count in
                ServiceMetric(
                    "stream_faults_total", help: "What happened to a worker.",
                    labels: ["sink": sink, "fault": fault], value: Double(count))
            }
    }

    private func age(of sink: String) -> ServiceMetric? {
        counters.watermark(of: sink).map { watermark in
            ServiceMetric(
                "stream_watermark_age_seconds",
                help: "How long ago the newest row of the slowest partition happened.",
                labels: ["sink": sink],
                value: Double(now.microseconds - watermark) / 1e6)
        }
    }
}

/// The text format of Prometheus, version 0.0.4.
package struct MetricsText {
    /// What was written.
    package private(set) var text = ""
    private var described: Set<String> = []

    /// Starts without a sample.
    package init() {}

    mutating func write(_ metrics: LoopMetrics) {
        writeAnswers(metrics)
        writeTimes(metrics)
        let gauges: [(String, String, Int)] = [
            ("roost_connections_open", "Connections that are open.", metrics.openConnections)
        ]
        for (name, help, value) in gauges {
            describe(name, help, type: "gauge")
            sample(name, [], Double(value))
        }
        let counters: [(String, String, Int)] = [
            ("roost_connections_total", "Connections taken.", metrics.acceptedConnections),
            (
                "roost_connections_refused_total", "Connections beyond the limit.",
                metrics.refusedConnections
            ),
            ("roost_received_bytes_total", "Bytes from clients.", metrics.receivedBytes),
            ("roost_sent_bytes_total", "Bytes to clients.", metrics.sentBytes),
            ("roost_entities_total", "Entities asked for and answered.", metrics.entities),
        ]
        for (name, help, value) in counters {
            describe(name, help, type: "counter")
            sample(name, [], Double(value))
        }
    }

    /// Writes one number, with what it says when it is the first of its name.
    package mutating func write(_ metric: ServiceMetric) {
        let name = "roost_\(metric.name)"
        describe(name, metric.help, type: name.hasSuffix("_total") ? "counter" : "gauge")
        sample(name, metric.labels, metric.value)
    }

    private mutating func writeAnswers(_ metrics: LoopMetrics) {
        let name = "roost_http_requests_total"
        describe(name, "Requests answered, by route and status.", type: "counter")
        for route in Route.allCases {
            for status in HTTPStatus.allCases {
                let count = metrics.count(of: route, status)
                if count == 0 { continue }
                let labels = [("route", route.label), ("status", String(status.rawValue))]
                sample(name, labels, Double(count))
            }
        }
    }

    private mutating func writeTimes(_ metrics: LoopMetrics) {
        let name = "roost_http_request_seconds"
        describe(name, "From a whole request to its answer.", type: "histogram")
        let width = LoopMetrics.bucketEnds.count + 1
        for route in Route.allCases {
            let start = route.rawValue * width
            var count = 0
            for bucket in 0..<width {
                count += metrics.buckets[start + bucket]
                let isLast = bucket == width - 1
                let end = isLast ? "+Inf" : String(LoopMetrics.bucketEnds[bucket])
                sample(name + "_bucket", [("route", route.label), ("le", end)], Double(count))
            }
            let seconds = Double(metrics.nanoseconds[route.rawValue]) / 1e9
            sample(name + "_sum", [("route", route.label)], seconds)
            sample(name + "_count", [("route", route.label)], Double(count))
        }
    }

    private mutating func describe(_ name: String, _ help: String, type: String) {
        guard described.insert(name).inserted else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(
        _ name: String, _ labels: [(name: String, value: String)], _ value: Double
    ) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(escaped($0.value))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        let isWhole = value.rounded() == value && value.magnitude < 1e15
        text += isWhole ? " \(Int64(value))\n" : " \(value)\n"
    }

    private func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}

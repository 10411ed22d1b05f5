/// The rows that an import left out: the first few for messages, all of them for the report.
struct BadRows {
    private(set) var count = 0
    private var lines: [String] = ["file,line,column,value,reason"]
    private var examples: [String] = []
    private let limit: Int

    /// Starts with none; more than `limit` are counted but not kept.
    init(limit: Int) {
        self.limit = limit
    }

    var isBeyondLimit: Bool { count > limit }

    mutating func add(_ faults: [CSVFault], file: String) {
        for fault in faults {
            count += 1
            if examples.count < 10 { examples.append(fault.sentence(in: file)) }
            if count <= limit { lines.append(fault.record(in: file)) }
        }
    }

    /// The report as CSV.
    var report: String { lines.joined(separator: "\n") + "\n" }

    var error: JobError {
        let rows = count == 1 ? "1 row is bad" : "\(count) rows are bad"
        let more = count > examples.count ? ["... and \(count - examples.count) more"] : []
        return JobError(
            .dataQuality,
            (["\(rows), nothing was imported:"] + (examples + more).map { "  \($0)" })
                .joined(separator: "\n"),
            hint: "mend the rows, or leave them out with --max-bad \(count)")
    }
}

extension CSVFault {
    fileprivate func sentence(in file: String) -> String {
        let place = "\(file):\(line): "
        guard let column, let value else { return place + reason }
        return place + "\(column): '\(shortened(value))' \(reason)"
    }

    fileprivate func record(in file: String) -> String {
        [file, String(line), column ?? "", value ?? "", reason]
            .map(quoted).joined(separator: ",")
    }

    private func shortened(_ value: String) -> String {
        value.count <= 60 ? value : value.prefix(60) + "..."
    }

    private func quoted(_ text: String) -> String {
        let isPlain = !text.unicodeScalars.contains { ["\"", ",", "\n", "\r"].contains($0) }
        if isPlain { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

import Testing
import Values

@testable import Registry

extension RegistryConformance {
    /// Runs of a source are kept in order, the same input replaces its run, and only runs of one
    /// kind are compared.
    func quality() throws {
        let store = try make()
        #expect(try store.qualityRuns(of: "orders", latest: 10).isEmpty)
        var first = run("a", rows: 10)
        first.columns = [.init(name: "amount", type: "double", profile: [1, 0, 255])]
        try store.record(first)
        try store.record(run("b", rows: 20))
        try store.record(run("c", rows: 1, isStopped: true))
        try store.record(run("d", rows: 30, span: .hours(24)))
        try store.record(run("e", rows: 40, command: "import"))
        try store.record(run("f", rows: 50, source: "visits"))
        let known = try store.qualityRuns(of: "orders", latest: 10)
        first.number = 1
        #expect(known.first == first)
        try store.removeProfile(of: "amount", run: 2)
        #expect(try store.qualityRuns(of: "orders", latest: 10) == known)
        try store.removeProfile(of: "amount", run: 1)
        #expect(try store.qualityRuns(of: "orders", latest: 10).first?.columns.isEmpty == true)
        #expect(known.map(\.number) == [1, 2, 3, 4, 5])
        #expect(try store.qualityRuns(of: "orders", latest: 2).map(\.number) == [4, 5])
        let next = run("g", rows: 0)
        #expect(try earlier(than: next, store) == [10, 20])
        #expect(try earlier(than: run("b", rows: 0), store) == [10])
        #expect(try earlier(than: run("g", rows: 0, span: .hours(24)), store) == [30])
        #expect(try earlier(than: run("g", rows: 0, command: "import"), store) == [40])
        #expect(
            try store.earlierRows(of: "source orders", before: next, latest: 1) == [20])
        #expect(try store.earlierRows(of: "view spending", before: next, latest: 9).isEmpty)
        try store.record(run("a", rows: 11))
        #expect(try earlier(than: next, store) == [20, 11])
        let again = try store.qualityRuns(of: "orders", latest: 10)
        #expect(again.map(\.number) == [2, 3, 4, 5, 7] && again.last?.columns.isEmpty == true)
    }

    private func earlier(than run: QualityRun, _ store: any RegistryStore) throws -> [Int] {
        try store.earlierRows(of: "source orders", before: run, latest: 10)
    }

    private func run(
        _ identity: String, rows: Int, source: String = "orders", command: String = "materialize",
        span: EventDuration? = nil, isStopped: Bool = false
    ) -> QualityRun {
        QualityRun(
            source: source, command: command, span: span, identity: RecordIdentity(of: identity),
            isStopped: isStopped, readAt: Sample.time(5), rows: ["source \(source)": rows],
            results: [
                QualityRun.Result(
                    subject: "source \(source)", expectation: "not_null amount", action: "stop",
                    verdict: isStopped ? "stopped" : "passed", rows: rows, broken: 0, detail: "")
            ], columns: [])
    }
}

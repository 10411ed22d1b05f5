import Expressions
import JoinSupport
import Planning
import PointInTime
import Testing
import Values

@Suite struct PointInTimeJoinTests {
    @Test(arguments: 0..<40)
    func `the sweep equals folding every visible row, cell for cell`(block: UInt64) throws {
        for seed in block * 50..<block * 50 + 50 {
            let join = RandomJoin(seed: seed)
            let expected = try NaiveJoin(join: join).cells()
            let found = try join.cells(workers: 1)
            #expect(bits(found) == bits(expected), "seed \(seed)")
        }
    }

    @Test(arguments: [2, 3, 8])
    func `the number of workers changes nothing`(workers: Int) throws {
        for seed in UInt64(5000)..<5050 {
            let join = RandomJoin(seed: seed)
            let one = try join.run(workers: 1)
            let many = try join.run(workers: workers)
            #expect(one.report == many.report, "seed \(seed)")
            let cells = (try join.cells(workers: 1), try join.cells(workers: workers))
            #expect(bits(cells.0) == bits(cells.1), "seed \(seed)")
        }
    }

    @Test func `every source row is counted once`() throws {
        for seed in UInt64(9000)..<9100 {
            let join = RandomJoin(seed: seed)
            let report = try join.run(workers: 1).report
            #expect(report.views.map(\.rows.total) == [join.rows.count], "seed \(seed)")
        }
    }

    @Test func `a spine row without an asking time is refused with its number`() throws {
        let join = RandomJoin(seed: 1)
        let spine = InMemoryRows(
            RandomJoin.spineSchema,
            rows: [
                [.integer(1), .integer(1), .timestamp(EventTime(microseconds: 5))],
                [.integer(1), .integer(1), .null],
            ], chunkSizes: [1])
        let error = #expect(throws: PointInTimeError.self) {
            _ = try PointInTimeJoin(plan: join.service).run(spine: spine, time: "timestamp") { _ in
                InMemoryRows(RandomJoin.sourceSchema, rows: [], chunkSizes: [])
            }
        }
        #expect(error?.code == .nullSpineTime)
        #expect(error?.message.hasPrefix("row 2 of the spine has a null timestamp") == true)
    }
}

/// Cells with doubles as their bits, so that NaN equals itself and nothing is rounded away.
private func bits(_ cells: [[Scalar]]) -> [[Scalar]] {
    func bits(_ value: Scalar) -> Scalar {
        switch value {
        case .double(let double): .string("bits \(double.bitPattern)")
        case .list(let values): .list(values.map(bits))
        default: value
        }
    }
    return cells.map { $0.map(bits) }
}

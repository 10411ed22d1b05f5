import Columns
import TestSupport
import Testing
import Values

@Suite("Gathering rows")
struct GatheringTests {
    static let types =
        DataType.columnTypes + DataType.sizedTypes + [.null, .duration, .list(.list(.string))]

    @Test(
        "takes the rows in the order asked, null for a negative one",
        arguments: types, [0, 1, 63, 64, 65, 300])
    func fromOneColumn(type: DataType, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count) + 100)
        for sourceCount in [1, 64, 100] {
            let values = generator.scalars(sourceCount, of: type)
            let rows = (0..<count).map { _ in
                Int32.random(in: -1..<Int32(sourceCount), using: &generator)
            }
            let gathered = Column(type: type, values).gathering(FixedValues(rows))
            #expect(gathered.type == type)
            #expect(gathered.holds(rows.map { $0 < 0 ? .null : values[Int($0)] }))
        }
    }

    @Test("takes rows of several columns", arguments: types, [0, 1, 63, 64, 65, 300])
    func fromParts(type: DataType, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count) + 200)
        for nullShare in [0, 0.25] {
            let parts = [40, 0, 65].map { generator.scalars($0, of: type, nullShare: nullShare) }
            let addresses = (0..<count).map { _ -> RowAddress in
                let part = [-1, 0, 2].randomElement(using: &generator) ?? 0
                let row = part < 0 ? -1 : Int.random(in: parts[part].indices, using: &generator)
                return RowAddress(part: Int32(part), row: Int32(row))
            }
            let gathered = Column(
                type: type, parts: parts.map { Column(type: type, $0) }, at: FixedValues(addresses))
            #expect(gathered.type == type)
            #expect(
                gathered.holds(
                    addresses.map { $0.part < 0 ? .null : parts[Int($0.part)][Int($0.row)] }))
        }
    }

    @Test("takes nothing from nothing", arguments: types)
    func empty(type: DataType) {
        let none = Column(type: type, [])
        #expect(none.gathering(FixedValues([])).count == 0)
        #expect(none.gathering(FixedValues([-1, -1])).holds([.null, .null]))
        let nowhere = FixedValues([RowAddress(part: -1, row: -1)])
        #expect(Column(type: type, parts: [], at: nowhere).holds([.null]))
        #expect(Column(type: type, parts: [], at: FixedValues([])).count == 0)
    }

    @Test("refuses a row that does not exist")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            _ = Column(type: .int64, [.integer(1)]).gathering(FixedValues([1]))
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(
                type: .int64, parts: [Column(type: .int64, [.integer(1)])],
                at: FixedValues([RowAddress(part: 0, row: 1)]))
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(
                type: .int64, parts: [Column(type: .int64, [.integer(1)])],
                at: FixedValues([RowAddress(part: 1, row: 0)]))
        }
    }
}

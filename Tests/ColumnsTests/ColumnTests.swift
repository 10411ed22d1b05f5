import Columns
import TestSupport
import Testing
import Values

@Suite("Columns")
struct ColumnTests {
    static let types =
        DataType.columnTypes + DataType.sizedTypes + [.null, .duration, .list(.list(.string))]

    @Test("hold the values they are made of", arguments: types, [0, 1, 63, 64, 65, 300])
    func roundTrip(type: DataType, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for nullShare in [0, 0.25, 1] {
            let values = generator.scalars(count, of: type, nullShare: nullShare)
            let column = Column(type: type, values)
            #expect(column.holds(values))
            #expect(column.type == type)
            #expect(column.nullCount == values.count { $0 == .null })
            #expect(values.indices.allSatisfy { column.isNull($0) == (values[$0] == .null) })
        }
    }

    @Test("are built value by value", arguments: types)
    func builder(type: DataType) {
        var generator = SeededGenerator(seed: 5)
        let values = generator.scalars(100, of: type)
        var builder = ColumnBuilder(type: type)
        for value in values { builder.append(value) }
        #expect(builder.count == 100)
        #expect(builder.finish().holds(values))
    }

    @Test("repeat a value or null", arguments: types)
    func repeating(type: DataType) {
        #expect(Column(nullsOf: type, count: 65).holds(Array(repeating: .null, count: 65)))
        var generator = SeededGenerator(seed: 6)
        let value = generator.scalar(of: type)
        let column = Column(type: type, repeating: value, count: 65)
        #expect(column.holds(Array(repeating: value, count: 65)))
        #expect(Column(type: type, repeating: value, count: 0).count == 0)
    }

    @Test("drop a validity that marks no null")
    func validityWithoutNulls() {
        let storage = Column.Storage.int64(FixedValues([1, 2, 3]))
        let full = Column(
            type: .int64, count: 3, storage: storage,
            validity: Bitmap(repeating: true, count: 3))
        #expect(full.validity == nil)
        #expect(full.nullCount == 0)
        #expect(Column(type: .null, count: 4, storage: .none).nullCount == 4)
        #expect(Column(type: .null, count: 4, storage: .none).isNull(3))
    }

    @Test("refuse a layout of another type, of another length, or a validity of another length")
    func mismatches() async {
        await #expect(processExitsWith: .failure) {
            _ = Column(type: .int32, count: 1, storage: .int64(FixedValues([1])))
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(type: .int64, count: 2, storage: .int64(FixedValues([1])))
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(
                type: .int64, count: 1, storage: .int64(FixedValues([1])),
                validity: Bitmap(repeating: false, count: 2))
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(
                type: .list(.int32), count: 0,
                storage: .list(
                    offsets: FixedValues([0]), elements: Column(nullsOf: .int64, count: 0)))
        }
    }

    @Test("refuse a value of another type")
    func wrongValues() async {
        await #expect(processExitsWith: .failure) { _ = Column(type: .bool, [.integer(1)]) }
        await #expect(processExitsWith: .failure) { _ = Column(type: .int64, [.double(1)]) }
        await #expect(processExitsWith: .failure) { _ = Column(type: .int32, [.integer(1 << 31)]) }
        await #expect(processExitsWith: .failure) { _ = Column(type: .list(.bool), [.bool(true)]) }
        await #expect(processExitsWith: .failure) { _ = Column(type: .null, [.integer(1)]) }
        await #expect(processExitsWith: .failure) {
            let cents = Scalar.decimal(Decimal128(unscaled: 1, scale: 2))
            _ = Column(type: .decimal(precision: 9, scale: 3), [cents])
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(
                type: .decimal(precision: 2, scale: 0),
                [.decimal(Decimal128(unscaled: 100, scale: 0))])
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(type: .vector(length: 2), [.list([.double(1)])])
        }
        await #expect(processExitsWith: .failure) {
            _ = Column(type: .vector(length: 1), [.list([.null])])
        }
    }
}

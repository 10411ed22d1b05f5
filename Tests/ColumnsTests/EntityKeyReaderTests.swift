import Columns
import TestSupport
import Testing
import Values

@Suite("Reading entity keys")
struct EntityKeyReaderTests {
    static let keyTypes = DataType.scalarTypes.filter(\.isJoinKey)

    @Test("gives the bytes of the values, and no key where a part is null")
    func agreesWithScalars() {
        let seed: UInt64 = 31
        var generator = SeededGenerator(seed: seed)
        for first in Self.keyTypes {
            for second in Self.keyTypes {
                let columns = [first, second].map {
                    Column(type: $0, generator.scalars(70, of: $0, nullShare: 0.1))
                }
                let reader = EntityKeyReader(columns: columns)
                var key = EntityKey()
                for row in 0..<70 {
                    var expected = EntityKey()
                    let first = expected.append(columns[0].scalar(at: row))
                    let second = expected.append(columns[1].scalar(at: row))
                    let isKey = reader.read(row, into: &key)
                    #expect(isKey == (first && second), "seed \(seed)")
                    if isKey { #expect(key == expected, "seed \(seed)") }
                }
            }
        }
    }

    @Test("an int32 key finds its int64 twin")
    func widths() {
        var narrow = EntityKey()
        var wide = EntityKey()
        _ = EntityKeyReader(columns: [Column(type: .int32, [.integer(-7)])]).read(0, into: &narrow)
        _ = EntityKeyReader(columns: [Column(type: .int64, [.integer(-7)])]).read(0, into: &wide)
        #expect(narrow == wide)
    }

    @Test("refuses columns that cannot be keys")
    func refused() async {
        await #expect(processExitsWith: .failure) {
            _ = EntityKeyReader(columns: [Column(nullsOf: .double, count: 1)])
        }
    }
}

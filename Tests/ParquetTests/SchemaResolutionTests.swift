import Columns
import Testing
import Values

@testable import Parquet

@Suite struct SchemaResolutionTests {
    @Test("Lists of two levels, and repeated leaves, are lists that hold no null")
    func resolvesTwoLevelLists() throws {
        let columns = try FileColumn.columns(of: [
            node("root", children: 2),
            node("old", .optional, children: 1, logical: .list),
            node("array", .repeated, .int64),
            node("bare", .repeated, .int32),
        ])
        let old = try #require(readable(columns[0]))
        #expect(old.type == .list(.int64))
        guard case .list(let levels) = old.shape else { return #expect(Bool(false), "a list") }
        #expect(levels.list == 1 && levels.element == 2 && levels.value == 2)
        let bare = try #require(readable(columns[1]))
        #expect(bare.type == .list(.int32))
        #expect(columns.map(\.leafIndex) == [0, 1])
    }

    @Test("A required list of required elements has no level to spare")
    func resolvesRequiredLists() throws {
        let columns = try FileColumn.columns(of: [
            node("root", children: 1), node("x", children: 1, logical: .list),
            node("list", .repeated, children: 1), node("element", .required, .double),
        ])
        guard case .list(let levels) = try #require(readable(columns[0])).shape else {
            return #expect(Bool(false), "a list")
        }
        #expect(levels.list == 0 && levels.element == 1 && levels.value == 1)
    }

    @Test("Decimals of more than 38 digits, or more places than digits, are not read")
    func refusesWideDecimals() throws {
        for (precision, scale, isRead) in [
            (38, 38, true), (39, 0, false), (0, 0, false), (5, 6, false), (.max, .max, false),
        ] {
            let columns = try FileColumn.columns(of: [
                node("root", children: 1),
                node(
                    "x", .optional, .byteArray,
                    logical: .decimal(precision: precision, scale: scale)),
            ])
            #expect((readable(columns[0]) != nil) == isRead)
        }
    }

    @Test("Decimals of any number of bytes are read, and what does not fit is an error")
    func readsByteArrays() throws {
        let negative = [UInt8](repeating: 0xFF, count: 20) + [0x85]
        let conversion = Leaf.Conversion.decimal(precision: 3)
        for (bytes, value) in [
            ([], 0), ([0x7F], 127), ([0x80], -128), ([0x00, 0x80], 128), (negative, -123),
            ([0x03, 0xE8], nil), ([0x01] + [UInt8](repeating: 0, count: 16), nil),
            ([0xFE] + [UInt8](repeating: 0, count: 16), nil),
        ] as [([UInt8], Int128?)] {
            let storage = Column(type: .bytes, [.bytes(bytes)]).storage
            if let value {
                guard case .int128(let values) = try conversion.apply(to: storage) else {
                    return #expect(Bool(false), "a decimal")
                }
                #expect(values[0] == value)
            } else {
                #expect(throws: ParquetError.self) { try conversion.apply(to: storage) }
            }
        }
    }

    @Test("Structs in lists, of old writers too, are not taken for scalars")
    func refusesStructs() throws {
        for name in ["array", "x_tuple"] {
            let columns = try FileColumn.columns(of: [
                node("root", children: 1), node("x", children: 1, logical: .list),
                node(name, .repeated, children: 1), node("inner", .required, .double),
            ])
            #expect(readable(columns[0]) == nil)
        }
    }

    @Test("Schemas that contradict themselves are refused")
    func refusesBrokenSchemas() {
        for schema in [
            [], [node("root", children: 2), node("x", .required, .int32)],
            [node("root", children: 1), node("x", children: .max)],
            [node("root", children: 0), node("x", .required, .int32)],
        ] {
            #expect(throws: ParquetError.self) { try FileColumn.columns(of: schema) }
        }
    }

    @Test("The second of two columns of one name is not read")
    func refusesSameNames() throws {
        let columns = try FileColumn.columns(of: [
            node("root", children: 2), node("x", .required, .int32), node("x", .required, .int64),
        ])
        #expect(readable(columns[0]) != nil && readable(columns[1]) == nil)
    }
}

private func node(
    _ name: String, _ repetition: Repetition = .required, _ physical: PhysicalType? = nil,
    children: Int = 0, logical: LogicalType? = nil
) -> SchemaElement {
    var element = SchemaElement()
    element.name = name
    element.repetition = repetition
    element.physical = physical
    element.childCount = children
    element.logical = logical
    return element
}

private func readable(_ column: FileColumn) -> ReadableColumn? {
    if case .readable(let readable) = column.content { readable } else { nil }
}

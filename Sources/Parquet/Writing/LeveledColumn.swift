import Columns
import Values

/// A column taken apart into levels and the values that are not null.
struct LeveledColumn {
    /// A definition level per value or missing value; nil when all are `greatestDefinition`.
    var definitions: FixedValues<UInt8>?
    /// 0 where a row begins; nil when every level is a row of its own.
    var repetitions: FixedValues<UInt8>?
    let greatestDefinition: UInt8
    /// How many levels there are.
    let count: Int
    /// The values, none null; decimals as the integers that are stored.
    let values: Column

    init(_ column: Column) {
        if case .list(let offsets, let elements) = column.storage {
            self.init(lists: column, offsets, elements)
        } else {
            self.init(scalars: column)
        }
    }

    private init(scalars column: Column) {
        greatestDefinition = 1
        count = column.count
        definitions = column.validity.map { flags(of: $0) }
        values = column.withoutNulls().inStoredIntegers
    }

    /// Levels of `optional group list { repeated group { optional element } }`: 0 for a null
    /// list, 1 for an empty one, 2 for a null element, 3 for a value.
    private init(lists column: Column, _ offsets: FixedValues<Int32>, _ elements: Column) {
        var definitions = GrowingValues<UInt8>(capacity: column.count)
        var repetitions = GrowingValues<UInt8>(capacity: column.count)
        var rows = FixedValuesBuilder<Int32>(capacity: elements.count)
        for row in 0..<column.count {
            let range = offsets[row]..<offsets[row + 1]
            guard !column.isNull(row), !range.isEmpty else {
                definitions.append(column.isNull(row) ? 0 : 1)
                repetitions.append(0)
                continue
            }
            for element in range {
                let isNull = elements.isNull(Int(element))
                definitions.append(isNull ? 2 : 3)
                repetitions.append(element == range.lowerBound ? 0 : 1)
                if !isNull { rows.append(element) }
            }
        }
        greatestDefinition = 3
        count = definitions.count
        let present = rows.count == elements.count ? elements : elements.gathering(rows.finish())
        values = present.inStoredIntegers
        self.definitions = definitions.finish()
        self.repetitions = repetitions.finish()
    }

    /// How many levels are no value.
    var missingCount: Int { count - values.count }
}

extension Column {
    /// The rows that are not null.
    fileprivate func withoutNulls() -> Column {
        guard let validity else { return self }
        var rows = FixedValuesBuilder<Int32>(capacity: count - nullCount)
        for row in 0..<count where validity[row] { rows.append(Int32(row)) }
        return gathering(rows.finish())
    }
}

/// A byte per bit.
private func flags(of bits: Bitmap) -> FixedValues<UInt8> {
    var flags = GrowingValues<UInt8>(capacity: bits.count)
    let target = unsafe flags.tail(bits.count)
    for index in 0..<bits.count { unsafe target[index] = bits[index] ? 1 : 0 }
    flags.commit(bits.count)
    return flags.finish()
}

/// Part of a leveled column: the levels and the values of one page.
struct PageRange {
    let levels: Range<Int>
    let values: Range<Int>
    let rowCount: Int
}

extension LeveledColumn {
    /// Cuts the column into pages of whole rows and about `limit` bytes of values.
    func pages(limit: Int) -> [PageRange] {
        guard repetitions == nil, let width = values.storage.fixedWidth else {
            return weighedPages(limit: limit)
        }
        let size = max(1, limit / width)
        var value = 0
        return stride(from: 0, to: count, by: size).map { start in
            let levels = start..<min(start + size, count)
            let present = definitions.map { $0.count(of: 1, in: levels) } ?? levels.count
            defer { value += present }
            return PageRange(
                levels: levels, values: value..<value + present, rowCount: levels.count)
        }
    }

    /// Pages of values that differ in size, or rows that differ in the number of values.
    private func weighedPages(limit: Int) -> [PageRange] {
        var pages: [PageRange] = []
        var start = (level: 0, value: 0)
        var value = 0
        var rowCount = 0
        var bytes = 0
        for level in 0..<count {
            let isRowStart = repetitions.map { $0[level] == 0 } ?? true
            if isRowStart, bytes >= limit {
                pages.append(
                    PageRange(
                        levels: start.level..<level, values: start.value..<value,
                        rowCount: rowCount))
                start = (level, value)
                (rowCount, bytes) = (0, 0)
            }
            rowCount += isRowStart ? 1 : 0
            if definitions.map({ $0[level] == greatestDefinition }) ?? true {
                bytes += values.storage.plainSize(at: value)
                value += 1
            }
        }
        if start.level < count {
            pages.append(
                PageRange(
                    levels: start.level..<count, values: start.value..<value, rowCount: rowCount))
        }
        return pages
    }
}

extension FixedValues<UInt8> {
    fileprivate func count(of level: UInt8, in range: Range<Int>) -> Int {
        unsafe withUnsafeBufferPointer { levels in
            unsafe countLevels(UnsafeBufferPointer(rebasing: levels[range]), equalTo: level)
        }
    }
}

extension Column.Storage {
    /// How many bytes every value takes in PLAIN encoding, but a boolean; nil when they differ.
    fileprivate var fixedWidth: Int? {
        switch self {
        case .bits: 1
        case .int32, .float: 4
        case .int64, .double: 8
        case .int128: wideDecimalLength
        case .none, .list, .bytes: nil
        }
    }

    /// About how many bytes a value takes in PLAIN encoding.
    @inline(__always)
    fileprivate func plainSize(at index: Int) -> Int {
        switch self {
        case .none, .list, .bits: 1
        case .int32, .float: 4
        case .int64, .double: 8
        case .int128: wideDecimalLength
        case .bytes(let values): 4 + values.range(at: index).count
        }
    }
}

import Columns
import Values

/// Turns the levels of pages into rows: which are null, and where lists begin.
///
/// Gives the sink's elements their nulls on the way.
struct RowAssembler: ~Copyable {
    private let shape: ReadableColumn.Shape
    /// For lists: where each row's elements begin.
    private var starts = GrowingValues<Int32>(capacity: 0)
    /// A byte per row, and per element of a list: whether it is a value.
    private var rowFlags: FlagRun
    private var elementFlags: FlagRun
    /// How many elements, or rows when there are no lists, were appended.
    private var elementCount = 0

    init(shape: ReadableColumn.Shape) {
        self.shape = shape
        rowFlags = FlagRun()
        elementFlags = FlagRun()
    }

    /// How many rows are complete or begun.
    var rowCount: Int {
        switch shape {
        case .scalar: rowFlags.count
        case .list: starts.count
        }
    }

    /// Appends a page of `page.header.valueCount` levels.
    mutating func append<Sink: ValueSink & ~Copyable>(
        _ page: ChunkPages.Page, _ encoding: Encoding, to sink: inout Sink
    ) throws(ParquetError) {
        let count = page.header.valueCount
        switch shape {
        case .scalar(let isOptional):
            guard isOptional, let levels = page.definition else {
                try sink.append(encoding, page.values, count: count)
                rowFlags.append(count: count)
                return
            }
            try appendOptional(page.values, levels, count, encoding, to: &sink)
        case .list(let levels):
            try appendLists(page, levels, count, encoding, to: &sink)
        }
    }

    private mutating func appendOptional<Sink: ValueSink & ~Copyable>(
        _ values: ByteRegion, _ runs: ByteRegion, _ count: Int, _ encoding: Encoding,
        to sink: inout Sink
    ) throws(ParquetError) {
        if count == 0 { return }
        let uniform = try unsafe runs.withUnsafeBytes { bytes throws(ParquetError) in
            try unsafe uniformLevel(bytes, width: 1, count: count)
        }
        if uniform == 1 {
            try sink.append(encoding, values, count: count)
            rowFlags.append(count: count)
            return
        }
        let levels = try decodeLevels(runs, greatest: 1, count: count)
        let dense = unsafe levels.withUnsafeBufferPointer { unsafe countLevels($0, equalTo: 1) }
        if dense > 0 { try sink.append(encoding, values, count: dense) }
        if dense < count { sink.spread(dense: dense, levels: levels) }
        rowFlags.append(levels, nullCount: count - dense)
    }

    private mutating func appendLists<Sink: ValueSink & ~Copyable>(
        _ page: ChunkPages.Page, _ meaning: ListLevels, _ count: Int, _ encoding: Encoding,
        to sink: inout Sink
    ) throws(ParquetError) {
        guard let repetition = page.repetition, let definition = page.definition else {
            throw .corrupt("a page of lists has no levels")
        }
        let repetitions = try decodeLevels(repetition, greatest: 1, count: count)
        let definitions = try decodeLevels(definition, greatest: meaning.value, count: count)
        let elements = try appendRows(repetitions, definitions, meaning, count)
        let dense = unsafe elements.withUnsafeBufferPointer { unsafe countLevels($0, equalTo: 1) }
        if dense > 0 { try sink.append(encoding, page.values, count: dense) }
        if dense < elements.count { sink.spread(dense: dense, levels: elements) }
        elementFlags.append(elements, nullCount: elements.count - dense)
    }

    /// Appends the rows of a page; returns a flag per element.
    private mutating func appendRows(
        _ repetitions: FixedValues<UInt8>, _ definitions: FixedValues<UInt8>,
        _ meaning: ListLevels, _ count: Int
    ) throws(ParquetError) -> FixedValues<UInt8> {
        var rows = GrowingValues<UInt8>(capacity: 64)
        var elements = GrowingValues<UInt8>(capacity: count)
        var nulls = 0
        for index in 0..<count {
            let definition = definitions[index]
            if repetitions[index] == 0 {
                starts.append(Int32(truncatingIfNeeded: elementCount))
                rows.append(definition >= meaning.list ? 1 : 0)
                nulls += definition >= meaning.list ? 0 : 1
            } else if definition < meaning.element || starts.count == 0 {
                throw .corrupt("the levels of a list contradict each other")
            }
            if definition >= meaning.element {
                elements.append(definition == meaning.value ? 1 : 0)
                elementCount += 1
            }
        }
        guard elementCount <= Int(Int32.max) else {
            throw .unsupported("lists of more than 2^31 elements; write smaller row groups")
        }
        rowFlags.append(rows.finish(), nullCount: nulls)
        return elements.finish()
    }

    /// The column of `storage`, whose rows were appended here.
    consuming func finish(_ storage: Column.Storage, of column: ReadableColumn) -> Column {
        let type = column.leaf.type
        switch shape {
        case .scalar:
            return Column(
                type: type, count: rowFlags.count, storage: storage,
                validity: rowFlags.finish())
        case .list:
            let rowCount = starts.count
            starts.append(Int32(elementCount))
            let elements = Column(
                type: type, count: elementCount, storage: storage,
                validity: elementFlags.finish())
            return Column(
                type: .list(type), count: rowCount,
                storage: .list(offsets: starts.finish(), elements: elements),
                validity: rowFlags.finish())
        }
    }
}

/// Flags that are all 1 until the first 0 is met, and cost nothing until then.
struct FlagRun: ~Copyable {
    private var flags = GrowingValues<UInt8>(capacity: 0)
    private var hasZero = false
    private(set) var count = 0

    /// Appends ones.
    mutating func append(count additional: Int) {
        if hasZero { appendOnes(additional) }
        count += additional
    }

    /// Appends flags of which `nullCount` are 0.
    mutating func append(_ more: FixedValues<UInt8>, nullCount: Int) {
        if !hasZero, nullCount == 0 { return append(count: more.count) }
        if !hasZero { appendOnes(count) }
        hasZero = true
        let target = unsafe flags.tail(more.count)
        unsafe more.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe target.update(from: start, count: source.count)
        }
        flags.commit(more.count)
        count += more.count
    }

    private mutating func appendOnes(_ additional: Int) {
        let target = unsafe flags.tail(additional)
        unsafe target.update(repeating: 1, count: additional)
        flags.commit(additional)
    }

    /// A bit per flag, nil when all are 1.
    consuming func finish() -> Bitmap? {
        hasZero ? Bitmap(packing: flags.finish()) : nil
    }
}

/// `count` levels from 0 to `greatest`.
private func decodeLevels(
    _ runs: ByteRegion, greatest: UInt8, count: Int
) throws(ParquetError) -> FixedValues<UInt8> {
    var levels = GrowingValues<UInt8>(capacity: count)
    let width = 8 - greatest.leadingZeroBitCount
    let target = unsafe UnsafeMutableBufferPointer(start: levels.tail(count), count: count)
    try unsafe runs.withUnsafeBytes { source throws(ParquetError) in
        try unsafe decodeHybrid(source, width: width, into: target)
    }
    var isValid = true
    for index in target.indices where unsafe target[index] > greatest { isValid = false }
    guard isValid else { throw .corrupt("a level above \(greatest)") }
    levels.commit(count)
    return levels.finish()
}
